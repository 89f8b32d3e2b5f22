using System.Globalization;
using System.Text;

namespace Homelab.Providers.UptimeKuma;

/// <summary>Takes a query string apart into bytes: broken UTF-8 must still be seen as such by whoever reads the values.</summary>
internal static class QueryForm
{
    internal static Dictionary<string, ReadOnlyMemory<byte>> Read(string query)
    {
        var form = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        if (string.IsNullOrEmpty(query)) throw KumaJson.Unreadable("the query is empty; expected msg, and heartbeat and monitor as JSON");
        foreach (var range in query.AsSpan().Split('&'))
        {
            var pair = query.AsSpan(range);
            if (pair.IsEmpty) continue;
            var equals = pair.IndexOf('=');
            var name = Encoding.UTF8.GetString(Decode(equals < 0 ? pair : pair[..equals]));
            // Others (a proxy's own parameter, a token) are none of our business.
            if (name is not ("msg" or "heartbeat" or "monitor" or "data")) continue;
            if (!form.TryAdd(name, Decode(equals < 0 ? default : pair[(equals + 1)..]))) throw KumaJson.Unreadable($"query field '{name}' is given twice; expected once");
        }

        return form;
    }

    private static byte[] Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var length = 0;
        while (!text.IsEmpty)
        {
            if (text[0] == '%' && text.Length >= 3 && byte.TryParse(text[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes[length++] = value;
                text = text[3..];
            }
            else if (text[0] == '+')
            {
                bytes[length++] = (byte)' ';
                text = text[1..];
            }
            else
            {
                var plain = text[1..].IndexOfAny('%', '+') is >= 0 and var next ? next + 1 : text.Length;
                length += Encoding.UTF8.GetBytes(text[..plain], bytes.AsSpan(length));
                text = text[plain..];
            }
        }

        return bytes[..length];
    }
}
