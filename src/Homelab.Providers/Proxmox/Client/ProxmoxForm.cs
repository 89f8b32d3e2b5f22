using System.Collections;
using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>
/// The parameters of a call, in the order they were added, as Proxmox reads them: 1 and 0 for truth, an array as a repeated field, nothing for null.
/// A secret goes out and is never shown.
/// </summary>
internal sealed class ProxmoxForm : IEnumerable<string>
{
    private readonly List<Field> _fields = [];

    /// <summary>No parameters.</summary>
    internal static ProxmoxForm Empty => [];

    public void Add(string name, string? value)
    {
        if (value is not null) _fields.Add(new Field(name, value, IsSecret: false));
    }

    public void Add(string name, bool? value) => Add(name, value switch { null => null, true => "1", false => "0" });

    public void Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public void Add(string name, double? value) => Add(name, value?.ToString("R", CultureInfo.InvariantCulture));

    public void Add(string name, IEnumerable<string>? values)
    {
        foreach (var value in values ?? []) Add(name, value);
    }

    /// <summary>Adds what no trace and no message may show.</summary>
    internal void AddSecret(string name, Secret value) => _fields.Add(new Field(name, value.Reveal(), IsSecret: true));

    /// <summary>As it is sent: <c>name=value&amp;…</c>.</summary>
    internal string Encode() => string.Join('&', _fields.Select(static f => Pair(f.Name, f.Value)));

    /// <summary>As it may be shown.</summary>
    public override string ToString() => string.Join('&', this);

    public IEnumerator<string> GetEnumerator() => _fields.Select(static f => f.IsSecret ? $"{Uri.EscapeDataString(f.Name)}={Secret.Mask}" : Pair(f.Name, f.Value)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string Pair(string name, string value) => $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}";

    private readonly record struct Field(string Name, string Value, bool IsSecret);
}
