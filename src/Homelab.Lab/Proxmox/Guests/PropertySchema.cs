using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Homelab.Lab.Proxmox;

/// <summary>What may stand in a value that is a list of named values, with the words in which the real one refuses.</summary>
internal sealed partial class PropertySchema
{
    private readonly string? _defaultKey;
    private readonly bool _open;
    private readonly Dictionary<string, Property> _properties = new(StringComparer.Ordinal);

    private PropertySchema(string? defaultKey, bool open, params ReadOnlySpan<Property> properties)
    {
        _defaultKey = defaultKey;
        _open = open;
        foreach (var property in properties) _properties.Add(property.Name, property);
    }

    /// <summary>The memory of a VM.</summary>
    internal static string? Memory(string name, string value) => s_memory.Refusal(name, value);

    /// <summary>The guest agent of a VM.</summary>
    internal static string? Agent(string name, string value) => s_agent.Refusal(name, value);

    /// <summary>A network card of a VM.</summary>
    internal static string? QemuNet(string name, string value) => s_qemuNet.Refusal(name, value);

    /// <summary>A network card of a container.</summary>
    internal static string? LxcNet(string name, string value) => s_lxcNet.Refusal(name, value);

    /// <summary>A volume that is mounted in a container.</summary>
    internal static string? MountPoint(string name, string value) => s_mountPoint.Refusal(name, value);

    /// <summary>A container's root.</summary>
    internal static string? Rootfs(string name, string value) => s_rootfs.Refusal(name, value);

    /// <summary>A disk, or whatever else begins with a volume.</summary>
    internal static string? Volume(string name, string value) => s_volume.Refusal(name, value);

    /// <summary>What begins with a kind.</summary>
    internal static string? Kind(string name, string value) => s_kind.Refusal(name, value);

    /// <summary>What begins with a device of the host.</summary>
    internal static string? Host(string name, string value) => s_host.Refusal(name, value);

    /// <summary>What begins with a directory.</summary>
    internal static string? Directory(string name, string value) => s_directory.Refusal(name, value);

    /// <summary>What begins with a path.</summary>
    internal static string? Device(string name, string value) => s_device.Refusal(name, value);

    /// <summary>A list of named values whose names are not checked here.</summary>
    internal static string? Any(string name, string value) => s_any.Refusal(name, value);

    private static readonly PropertySchema s_memory = new("current", open: false, new Property("current", "integer", Required: true, Minimum: 16));
    private static readonly PropertySchema s_agent = new("enabled", open: false, new Property("enabled", "boolean", Required: true), new Property("fstrim_cloned_disks", "boolean"), new Property("freeze-fs-on-backup", "boolean"), new Property("freeze-fs", "boolean"), new Property("guest-fsfreeze", "boolean"), new Property("type", "string", Choices: ["virtio", "isa"]));
    private static readonly PropertySchema s_qemuNet = new("model", open: true, new Property("tag", "integer", Minimum: 1, Maximum: 4094), new Property("firewall", "boolean"), new Property("link_down", "boolean"), new Property("mtu", "integer", Minimum: 1, Maximum: 65520), new Property("queues", "integer", Minimum: 0, Maximum: 64), new Property("rate", "number", Minimum: 0));
    private static readonly PropertySchema s_lxcNet = new(defaultKey: null, open: true, new Property("name", "string", Required: true), new Property("tag", "integer", Minimum: 1, Maximum: 4094), new Property("firewall", "boolean"), new Property("link_down", "boolean"), new Property("mtu", "integer", Minimum: 64, Maximum: 65535), new Property("type", "string", Choices: ["veth"]));
    private static readonly PropertySchema s_mountPoint = new("volume", open: true, new Property("volume", "string", Required: true), new Property("mp", "string", Required: true), new Property("backup", "boolean"), new Property("ro", "boolean"), new Property("quota", "boolean"), new Property("replicate", "boolean"), new Property("shared", "boolean"));
    private static readonly PropertySchema s_rootfs = new("volume", open: true, new Property("volume", "string", Required: true), new Property("ro", "boolean"), new Property("quota", "boolean"), new Property("replicate", "boolean"), new Property("shared", "boolean"));
    private static readonly PropertySchema s_volume = new("file", open: true, new Property("file", "string", Required: true), new Property("backup", "boolean"), new Property("replicate", "boolean"), new Property("ssd", "boolean"), new Property("iothread", "boolean"), new Property("media", "string", Choices: ["cdrom", "disk"]));
    private static readonly PropertySchema s_kind = new("type", open: true);
    private static readonly PropertySchema s_host = new("host", open: true);
    private static readonly PropertySchema s_directory = new("dirid", open: true);
    private static readonly PropertySchema s_device = new("path", open: true);
    private static readonly PropertySchema s_any = new(defaultKey: null, open: true);

    private string? Refusal(string name, string value)
    {
        PropertyString read;
        try
        {
            read = PropertyString.Parse(value, _defaultKey);
        }
        catch (FormatException e)
        {
            return e.Message + "\n";
        }

        var wrong = new StringBuilder();
        foreach (var property in _properties.Values.Where(p => p.Required && read[p.Name] is null)) wrong.Append(CultureInfo.InvariantCulture, $"{name}.{property.Name}: {ParameterCheck.Missing}\n");
        foreach (var key in read.Keys)
        {
            if (_properties.TryGetValue(key, out var property))
            {
                if (property.Refusal(read[key]!) is { } refusal) wrong.Append(CultureInfo.InvariantCulture, $"{name}.{key}: {refusal}\n");
            }
            else if (!_open) wrong.Append(CultureInfo.InvariantCulture, $"{name}.{key}: property is not defined in schema and the schema does not allow additional properties\n");
        }

        return wrong.Length == 0 ? null : $"format error\n{wrong}";
    }

    private sealed partial record Property(string Name, string Type, bool Required = false, double? Minimum = null, double? Maximum = null, IReadOnlyList<string>? Choices = null)
    {
        internal string? Refusal(string value)
        {
            if (Type == "boolean" && value is not ("0" or "1" or "on" or "off" or "yes" or "no" or "true" or "false")) return $"type check ('boolean') failed - got '{value}'";
            if (Type == "integer" && !Whole().IsMatch(value)) return $"type check ('integer') failed - got '{value}'";
            if (Type == "number" && !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) return $"type check ('number') failed - got '{value}'";
            if (Type is "integer" or "number" && double.Parse(value, CultureInfo.InvariantCulture) is var number)
            {
                if (number < Minimum) return $"value must have a minimum value of {Minimum}";
                if (number > Maximum) return $"value must have a maximum value of {Maximum}";
            }

            return Choices is { } choices && !choices.Contains(value, StringComparer.Ordinal) ? $"value '{value}' does not have a value in the enumeration '{string.Join(", ", choices)}'" : null;
        }

        [GeneratedRegex("^[+-]?[0-9]{1,18}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Whole();
    }
}
