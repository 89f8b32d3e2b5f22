using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Homelab;

/// <summary>
/// Names a backup of Proxmox by its volume id (<c>local:backup/vzdump-qemu-100-2026_11_21-00_35_24.vma.zst</c>), which on a storage that is not shared
/// may need its node before it: <c>pve1/local:backup/…</c>.
/// </summary>
[JsonConverter(typeof(ReferenceAsText<BackupRef>))]
public sealed partial record BackupRef : IParsable<BackupRef>
{
    /// <param name="text">One of the forms above.</param>
    /// <exception cref="FormatException">The text is none of them; the message says why.</exception>
    public BackupRef(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var match = Form().Match(text);
        if (!match.Success) throw new FormatException($"'{text}' is no backup: give its volume id, such as local:backup/vzdump-qemu-100-2026_11_21-00_35_24.vma.zst; Get-HlBackup lists them");
        Node = match.Groups["node"] is { Success: true } node ? node.Value : null;
        Storage = match.Groups["storage"].Value;
        VolumeId = match.Groups["volume"].Value;
    }

    /// <param name="backup">A backup that was listed.</param>
    public BackupRef(VmBackup backup)
        : this($"{(backup ?? throw new ArgumentNullException(nameof(backup))).Node}/{backup.VolumeId}")
    {
    }

    /// <summary>The node that can read it, when given.</summary>
    public string? Node { get; }

    /// <summary>The storage it lies on.</summary>
    public string Storage { get; }

    /// <summary>What Proxmox calls it.</summary>
    public string VolumeId { get; }

    /// <inheritdoc/>
    public static BackupRef Parse(string s, IFormatProvider? provider) => new(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out BackupRef result) => ReferenceText.TryRead(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Node is null ? VolumeId : $"{Node}/{VolumeId}";

    [GeneratedRegex(@"^((?<node>[A-Za-z0-9][A-Za-z0-9-]{0,62})/)?(?<volume>(?<storage>[A-Za-z][A-Za-z0-9_.-]{0,99}):[^\s/:\p{Cc}][^\s\p{Cc}]{0,299})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
