using System.Globalization;
using System.Text.RegularExpressions;

namespace Homelab.Providers.Proxmox;

/// <summary>Backups, from what the API says to what we know.</summary>
internal static partial class BackupReader
{
    /// <summary>An entry of a storage's content.</summary>
    internal static VmBackup Read(string node, string storage, BackupWire wire)
    {
        var (kind, id) = OfName(wire.VolumeId!);
        return new VmBackup
        {
            VolumeId = wire.VolumeId!,
            Storage = storage,
            Node = node,
            VmId = (int)(wire.VmId ?? id ?? 0),
            Kind = KindOf(wire.Subtype) ?? kind,
            CreatedAt = wire.CreatedAt is { } made ? DateTimeOffset.FromUnixTimeSeconds(made) : null,
            Size = wire.Size ?? 0,
            Format = wire.Format ?? "",
            Notes = (wire.Notes ?? "").TrimEnd(),
            Protected = wire.Protected ?? false,
            Encrypted = wire.Encrypted is { } key && key is not ("" or "0"),
            Verification = wire.Verification?.State ?? "",
        };
    }

    /// <summary>What a backup's name tells of the guest. Both null where it follows no pattern of Proxmox.</summary>
    internal static (VmKind? Kind, int? Id) OfName(string volume)
    {
        var match = NamePattern().Match(volume);
        if (!match.Success) return (null, null);
        int? id = int.TryParse(match.Groups["id"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return (KindOf(match.Groups["kind"].Value), id);
    }

    private static VmKind? KindOf(string? word) => word switch
    {
        "qemu" or "vm" => VmKind.Qemu,
        "lxc" or "ct" => VmKind.Lxc,
        _ => null,
    };

    // Files are vzdump-qemu-100-2026_11_21-00_35_24.vma.zst, groups of a backup server vm/100/2026-11-21T00:35:24Z.
    [GeneratedRegex(@"(vzdump-(?<kind>qemu|lxc)-(?<id>\d{1,9})-|backup/(?<kind>vm|ct)/(?<id>\d{1,9})/)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
