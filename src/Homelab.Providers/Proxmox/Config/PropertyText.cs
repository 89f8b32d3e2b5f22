using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>A value as Proxmox' configurations write it: <c>local:110/vm-110-disk-0.qcow2,size=1G,ssd=1</c>. What has no key comes first.</summary>
internal sealed class PropertyText
{
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);

    internal PropertyText(string text)
    {
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var sign = part.IndexOf('=', StringComparison.Ordinal);
            if (sign < 0) First ??= part;
            else _options[part[..sign]] = part[(sign + 1)..];
        }
    }

    /// <summary>What has no key; null when everything has one.</summary>
    internal string? First { get; }

    /// <summary>Everything that has a key and was not taken.</summary>
    internal IReadOnlyDictionary<string, string> Rest => _options;

    /// <summary>The value of a key, which is no part of the rest afterwards; null when it is not there.</summary>
    internal string? Take(string key) => _options.Remove(key, out var value) ? value : null;

    /// <summary>The first pair of which the key is one of those, taken.</summary>
    internal (string Key, string Value)? TakeAny(IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            if (Take(key) is { } value) return (key, value);
        }

        return null;
    }

    internal static bool IsOn(string? text) => text is "1" or "yes" or "on" or "true";

    /// <summary>A size as Proxmox writes it, in powers of 1024: <c>1088M</c>, <c>32G</c>, <c>4096</c>. Null when it is none.</summary>
    internal static long? Size(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var shift = text[^1] switch { 'K' => 10, 'M' => 20, 'G' => 30, 'T' => 40, _ => 0 };
        return decimal.TryParse(shift == 0 ? text : text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue >> shift
            ? (long)(number * (1L << shift))
            : null;
    }
}
