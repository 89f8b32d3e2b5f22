using System.Globalization;
using System.Text.RegularExpressions;

namespace Homelab.Providers.Proxmox;

/// <summary>Configurations of guests, from what the API says to what we know.</summary>
internal static partial class VmConfigReader
{
    private const long MiB = 1L << 20;

    // What Proxmox takes where nothing is set.
    private const long UsualMemory = 512 * MiB;

    // What has a property of its own.
    private static readonly HashSet<string> s_known = new(StringComparer.Ordinal)
    {
        "digest", "name", "hostname", "cores", "sockets", "cpulimit", "memory", "balloon", "swap", "onboot", "protection", "template", "ostype", "agent", "tags", "description",
    };

    /// <summary>A guest's configuration.</summary>
    internal static VmConfig Read(VmRef vm, VmKind kind, VmSettings settings)
    {
        var now = settings.Now;
        var isQemu = kind == VmKind.Qemu;
        return new VmConfig
        {
            Vm = vm,
            Kind = kind,
            Name = now.GetValueOrDefault(isQemu ? "name" : "hostname") ?? "",
            Digest = settings.Digest,
            Cores = Whole(now, "cores") ?? (isQemu ? 1 : null),
            Sockets = isQemu ? Whole(now, "sockets") ?? 1 : null,
            CpuLimit = Number(now, "cpulimit") is { } limit and > 0 ? limit : null,
            Memory = Mebibytes(now, "memory") ?? UsualMemory,
            Balloon = isQemu ? Mebibytes(now, "balloon") : null,
            Swap = isQemu ? null : Mebibytes(now, "swap") ?? UsualMemory,
            Disks = [.. now.Where(n => DiskName(kind).IsMatch(n.Key)).Select(n => Disk(vm, n.Key, n.Value)).OrderBy(static d => d.Bus, StringComparer.Ordinal).ThenBy(static d => d.Index)],
            Networks = [.. now.Where(static n => NetworkName().IsMatch(n.Key)).OrderBy(static n => Number(n.Key)).Select(n => Network(vm, n.Key, n.Value))],
            OnBoot = PropertyText.IsOn(now.GetValueOrDefault("onboot")),
            Protection = PropertyText.IsOn(now.GetValueOrDefault("protection")),
            Template = PropertyText.IsOn(now.GetValueOrDefault("template")),
            OsType = now.GetValueOrDefault("ostype") ?? "",
            Agent = isQemu && now.TryGetValue("agent", out var agent) && IsAgentOn(agent),
            Tags = VmReader.TagsOf(now.GetValueOrDefault("tags")),
            Description = now.GetValueOrDefault("description") ?? "",
            Pending =
            [
                .. settings.Then.OrderBy(static t => t.Key, StringComparer.Ordinal)
                    .Select(t => new VmPendingChange(t.Key, Shown(t.Key, now.GetValueOrDefault(t.Key)), Shown(t.Key, t.Value))),
            ],
            Other = now.Where(n => !s_known.Contains(n.Key) && !DiskName(kind).IsMatch(n.Key) && !NetworkName().IsMatch(n.Key))
                .ToDictionary(static n => n.Key, static n => Shown(n.Key, n.Value), StringComparer.Ordinal),
        };
    }

    /// <summary>A disk, from its name and its value.</summary>
    internal static VmDisk Disk(VmRef vm, string name, string value)
    {
        var text = new PropertyText(value);
        var volume = text.First ?? text.TakeAny(["file", "volume"])?.Value ?? "";
        var colon = volume.StartsWith('/') ? -1 : volume.IndexOf(':', StringComparison.Ordinal);
        var size = PropertyText.Size(text.Take("size"));
        var isCdrom = text.Take("media") == "cdrom";
        var mount = name == "rootfs" ? "/" : text.Take("mp") ?? "";
        return new VmDisk
        {
            Vm = vm,
            Disk = name,
            Bus = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'),
            Index = Number(name),
            Storage = colon > 0 ? volume[..colon] : "",
            Volume = volume is "none" ? "" : volume[(colon + 1)..],
            Size = size,
            Cdrom = isCdrom || volume is "none" or "cdrom",
            Mount = mount,
            Options = text.Rest,
        };
    }

    private static VmNetwork Network(VmRef vm, string name, string value)
    {
        var text = new PropertyText(value);
        // A virtual machine writes model and address as one pair: virtio=BC:24:11:F0:A3:74.
        var pair = text.TakeAny(s_models);
        return new VmNetwork
        {
            Vm = vm,
            Interface = name,
            Model = text.Take("model") ?? pair?.Key ?? text.Take("type") ?? text.First ?? "",
            Mac = text.Take("macaddr") ?? text.Take("hwaddr") ?? pair?.Value ?? "",
            Bridge = text.Take("bridge") ?? "",
            Tag = int.TryParse(text.Take("tag"), NumberStyles.None, CultureInfo.InvariantCulture, out var tag) ? tag : null,
            Firewall = PropertyText.IsOn(text.Take("firewall")),
            LinkDown = PropertyText.IsOn(text.Take("link_down")),
            Options = text.Rest,
        };
    }

    private static readonly string[] s_models =
    [
        "virtio", "e1000", "e1000e", "vmxnet3", "rtl8139", "e1000-82540em", "e1000-82544gc", "e1000-82545em", "i82551", "i82557b", "i82559er", "ne2k_isa", "ne2k_pci", "pcnet",
    ];

    private static bool IsAgentOn(string value)
    {
        var text = new PropertyText(value);
        return PropertyText.IsOn(text.First ?? text.Take("enabled"));
    }

    // Proxmox masks the password itself, and an environment is where people keep theirs.
    private static string Shown(string key, string? value) => (key, value) switch
    {
        (_, null) => "",
        ("cipassword", _) => Secret.Mask,
        ("env", _) => string.Join(' ', value.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(static p => $"{p.Split('=')[0]}={Secret.Mask}")),
        _ => value,
    };

    private static int? Whole(IReadOnlyDictionary<string, string> now, string key) =>
        int.TryParse(now.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static double? Number(IReadOnlyDictionary<string, string> now, string key) =>
        double.TryParse(now.GetValueOrDefault(key), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    // A virtual machine's memory may be written as current=2048.
    private static long? Mebibytes(IReadOnlyDictionary<string, string> now, string key)
    {
        if (!now.TryGetValue(key, out var value)) return null;
        var text = new PropertyText(value);
        return long.TryParse(text.First ?? text.Take("current"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue / MiB ? number * MiB : null;
    }

    private static int Number(string name) =>
        int.TryParse(name.AsSpan(name.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static Regex DiskName(VmKind kind) => kind == VmKind.Qemu ? QemuDisk() : LxcDisk();

    [GeneratedRegex(@"^(ide|sata|scsi|virtio|efidisk|tpmstate|unused)\d{1,3}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QemuDisk();

    [GeneratedRegex(@"^(rootfs|(mp|unused)\d{1,3})$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LxcDisk();

    [GeneratedRegex(@"^net\d{1,3}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NetworkName();
}
