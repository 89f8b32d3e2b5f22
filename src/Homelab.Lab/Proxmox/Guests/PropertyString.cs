namespace Homelab.Lab.Proxmox;

/// <summary>A value that is itself a list of named values, such as <c>local:110/vm-110-disk-0.qcow2,size=1G</c>.</summary>
/// <remarks>Written as the real one writes it: the default key first and without its name, then what is required, then the rest by alphabet.</remarks>
internal sealed class PropertyString
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly string? _defaultKey;

    private PropertyString(string? defaultKey) => _defaultKey = defaultKey;

    /// <summary>A part of it; null removes.</summary>
    internal string? this[string key]
    {
        get => _values.GetValueOrDefault(key);
        set
        {
            if (value is null) _values.Remove(key);
            else _values[key] = value;
        }
    }

    /// <summary>The names that it has.</summary>
    internal IReadOnlyCollection<string> Keys => _values.Keys;

    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">It is none; the message is the real one's.</exception>
    internal static PropertyString Parse(string text, string? defaultKey)
    {
        var read = new PropertyString(defaultKey);
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at > 0 && at < part.Length - 1) read.Add(part[..at].Trim(), part[(at + 1)..].Trim());
            else if (at < 0 && defaultKey is not null) read.Add(defaultKey, part.Trim());
            else if (at < 0) throw new FormatException($"value without key, but schema does not define a default key");
            else throw new FormatException("missing key in comma-separated list property");
        }

        return read;
    }

    /// <summary>Writes it.</summary>
    /// <param name="first">Names that come before the others.</param>
    internal string Write(params ReadOnlySpan<string> first)
    {
        var parts = new List<string>(_values.Count);
        if (_defaultKey is not null && _values.TryGetValue(_defaultKey, out var value)) parts.Add(value);
        foreach (var key in first)
        {
            if (_values.TryGetValue(key, out value)) parts.Add($"{key}={value}");
        }

        foreach (var (key, rest) in _values.OrderBy(static p => p.Key, StringComparer.Ordinal))
        {
            if (key != _defaultKey && !first.Contains(key)) parts.Add($"{key}={rest}");
        }

        return string.Join(',', parts);
    }

    /// <inheritdoc/>
    public override string ToString() => Write();

    private void Add(string key, string value)
    {
        if (!_values.TryAdd(key, value)) throw new FormatException($"duplicate key in comma-separated list property: {key}");
    }
}
