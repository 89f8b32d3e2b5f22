using System.Text;

namespace Homelab.Host.Mcp.Http;

/// <summary>A value in a header: plain ASCII as it is, anything else as <c>=?base64?...?=</c>.</summary>
internal static class HeaderText
{
    private const string Begin = "=?base64?";
    private const string End = "?=";

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What it says; null when it says nothing readable.</summary>
    internal static string? Decode(string header)
    {
        if (header.AsSpan().ContainsAnyExceptInRange(' ', '~') && header.AsSpan().Trim('\t').ContainsAnyExceptInRange(' ', '~')) return null;
        if (!header.StartsWith(Begin, StringComparison.OrdinalIgnoreCase) || !header.EndsWith(End, StringComparison.Ordinal) || header.Length < Begin.Length + End.Length) return header;
        try
        {
            return s_strict.GetString(Convert.FromBase64String(header[Begin.Length..^End.Length]));
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }
}
