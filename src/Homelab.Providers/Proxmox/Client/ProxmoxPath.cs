using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Homelab.Providers.Proxmox;

/// <summary>
/// A path of the API, written as an interpolated string: <c>$"/nodes/{node}/qemu/{vmid}/config"</c>. Every hole is percent-encoded, so that no name or
/// volume id can leave its segment. A plain string is no path, on purpose.
/// </summary>
[InterpolatedStringHandler]
internal readonly struct ProxmoxPath
{
    private readonly StringBuilder _text;

    public ProxmoxPath(int literalLength, int formattedCount)
    {
        const int UsualHole = 16;
        _text = new StringBuilder(literalLength + (formattedCount * UsualHole));
    }

    public void AppendLiteral(string value)
    {
        if (_text.Length == 0 && !value.StartsWith('/')) throw Invalid(value, "must begin with '/'");
        _text.Append(value);
    }

    public void AppendFormatted(string? value)
    {
        if (_text.Length == 0) throw Invalid(value ?? "", "must not stand before the first '/'");
        // Percent-encoding leaves dots alone, and a segment of dots leads upwards.
        if (value is null or "" or "." or "..") throw Invalid(value ?? "", "cannot be part of a path");
        _text.Append(Uri.EscapeDataString(value));
    }

    public void AppendFormatted(int value) => AppendFormatted(value.ToString(CultureInfo.InvariantCulture));

    public void AppendFormatted(long value) => AppendFormatted(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>The path as it is sent, without <c>/api2/json</c>.</summary>
    public override string ToString() => _text is { Length: > 0 } ? _text.ToString() : throw Invalid("", "is no path");

    private static HomelabException Invalid(string value, string why)
    {
        var shown = ForeignText.Clean(value, 60);
        return new HomelabException(ErrorKind.Invalid, "ProxmoxPathInvalid", $"'{shown}' {why} of Proxmox's API. Give the name of a thing that exists there.", shown) { NothingHappened = true };
    }
}
