using System.Net;
using System.Text.RegularExpressions;

namespace Homelab.Lab.Proxmox;

/// <summary>The named formats of parameters, with the words in which the real one refuses.</summary>
internal static partial class ParameterFormats
{
    private static readonly char[] s_between = [',', ';', ' ', '\0'];

    private static readonly Dictionary<string, Func<string, string?>> s_formats = new(StringComparer.Ordinal)
    {
        ["pve-vmid"] = static v => VmidPattern().IsMatch(v) ? null : "value does not look like a valid VM ID\n",
        ["pve-node"] = static v => NodePattern().IsMatch(v) ? null : "value does not look like a valid node name\n",
        ["dns-name"] = static v => DnsPattern().IsMatch(v) ? null : "value does not look like a valid DNS name\n",
        ["pve-configid"] = static v => ConfigIdPattern().IsMatch(v) ? null : $"invalid configuration ID '{v}'\n",
        ["pve-storage-id"] = static v => StoragePattern().IsMatch(v) ? null : $"storage ID '{v}' contains illegal characters\n",
        ["pve-poolid"] = static v => PoolPattern().IsMatch(v) ? null : $"pool name '{v}' contains invalid characters\n",
        ["pve-userid"] = static v => UserPattern().IsMatch(v) ? null : $"value '{v}' does not look like a valid user name\n",
        ["pve-roleid"] = static v => RolePattern().IsMatch(v) ? null : $"role name '{v}' contains invalid characters\n",
        ["pve-groupid"] = static v => RolePattern().IsMatch(v) ? null : $"group name '{v}' contains invalid characters\n",
        ["pve-priv"] = static v => Privileges.All.Contains(v) ? null : $"invalid privilege '{v}'\n",
        ["pve-tag"] = static v => TagPattern().IsMatch(v) ? null : "invalid characters in tag\n",
        ["pve-volume-id"] = static v => v.Contains(':', StringComparison.Ordinal) ? null : $"unable to parse volume ID '{v}'\n",
        ["pve-storage-path"] = static v => v.StartsWith('/') ? null : "invalid storage path\n",
        ["pve-ha-resource-or-vm-id"] = static v => HaPattern().IsMatch(v) ? null : "value does not look like a valid ha resource id\n",
        ["ip"] = static v => IPAddress.TryParse(v, out _) ? null : "value does not look like a valid IP address\n",
        ["pve-task-status-type"] = static v => v.ToUpperInvariant() is "OK" or "ERROR" or "WARNING" or "UNKNOWN" ? null : $"invalid value '{v}'\n",
        ["pve-storage-content"] = static v => v is "images" or "rootdir" or "vztmpl" or "iso" or "backup" or "snippets" or "import" or "none" ? null : $"invalid content type '{v}'\n",
        // What a list of keys and values must at least be; who knows the keys checks more.
        ["key-values"] = static v => v.Split(',').Any(static p => p.Length == 0 || p.EndsWith('=')) ? "missing key in comma-separated list property\n" : null,
    };

    /// <summary>What is wrong with a value, or null. A format that ends in <c>-list</c> is checked value by value.</summary>
    internal static string? Refusal(string format, string value)
    {
        if (s_formats.TryGetValue(format, out var check)) return check(value);
        if (!format.EndsWith("-list", StringComparison.Ordinal) || !s_formats.TryGetValue(format[..^"-list".Length], out var each)) return null;
        return value.Split(s_between, StringSplitOptions.RemoveEmptyEntries).Select(each).FirstOrDefault(static r => r is not null);
    }

    [GeneratedRegex("^[1-9][0-9]{2,8}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VmidPattern();

    [GeneratedRegex("^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NodePattern();

    [GeneratedRegex(@"^([a-zA-Z0-9]([a-zA-Z0-9\-]*[a-zA-Z0-9])?)(\.[a-zA-Z0-9]([a-zA-Z0-9\-]*[a-zA-Z0-9])?)*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DnsPattern();

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9_-]+$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ConfigIdPattern();

    [GeneratedRegex(@"^[a-zA-Z][a-zA-Z0-9\-_.]*[a-zA-Z0-9]$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StoragePattern();

    [GeneratedRegex(@"^[A-Za-z0-9.\-_]+(/[A-Za-z0-9.\-_]+){0,2}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PoolPattern();

    [GeneratedRegex(@"^[^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UserPattern();

    [GeneratedRegex(@"^[A-Za-z0-9.\-_]+$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RolePattern();

    [GeneratedRegex(@"^[a-zA-Z0-9_][a-zA-Z0-9_\-+.]*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TagPattern();

    [GeneratedRegex("^(([a-z]+:)?[0-9a-zA-Z]+|[0-9]+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HaPattern();
}
