using System.Net.Http.Headers;
using System.Text;

namespace Homelab.Providers.UptimeKuma;

/// <summary>Takes one part out of <c>multipart/form-data</c> (RFC 7578), as far as a webhook needs it: no nesting, no transfer encodings.</summary>
internal static class MultipartForm
{
    private const int LongestBoundary = 70;
    private const int LongestHeader = 8192;

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>The boundary, or null when the content is no form-data.</summary>
    internal static string? BoundaryOf(string contentType)
    {
        if (!contentType.AsSpan().TrimStart().StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase)) return null;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)) throw KumaJson.Unreadable("the content type names form-data but cannot be read; expected multipart/form-data; boundary=…");
        var boundary = type.Parameters.FirstOrDefault(static p => string.Equals(p.Name, "boundary", StringComparison.OrdinalIgnoreCase))?.Value?.Trim('"');
        if (string.IsNullOrEmpty(boundary)) throw KumaJson.Unreadable("the content type is form-data without a boundary; expected multipart/form-data; boundary=…");
        return boundary.Length <= LongestBoundary ? boundary : throw KumaJson.Unreadable($"the form's boundary is {boundary.Length} characters long; expected at most {LongestBoundary}");
    }

    /// <summary>The content of the one part of that name.</summary>
    internal static ReadOnlyMemory<byte> Part(ReadOnlyMemory<byte> body, string boundary, string name)
    {
        ReadOnlySpan<byte> delimiter = Encoding.UTF8.GetBytes("\r\n--" + boundary);
        var span = body.Span;
        ReadOnlyMemory<byte>? found = null;
        var position = Begin(span, delimiter);
        while (!span[position..].StartsWith("--"u8))
        {
            // Blanks may follow a boundary; RFC 2046 calls them padding.
            while (position < span.Length && span[position] is (byte)' ' or (byte)'\t') position++;
            if (!span[position..].StartsWith(LineEnd)) throw KumaJson.Unreadable($"the form's boundary at byte {position} is not followed by a line end; expected one");
            var headers = position + LineEnd.Length;
            var headerLength = HeaderLength(span, headers);
            var content = headers + headerLength;
            // An empty part's delimiter begins with the line end that closes the headers.
            var length = span[(content - LineEnd.Length)..].IndexOf(delimiter) - LineEnd.Length;
            if (length < -LineEnd.Length) throw KumaJson.Unreadable($"the form ends within the part at byte {headers}; expected the boundary after it");
            if (NameOf(span.Slice(headers, headerLength)) == name)
            {
                if (found is not null) throw KumaJson.Unreadable($"the form has two parts named '{name}'; expected one");
                found = body.Slice(content, Math.Max(0, length));
            }

            position = content + length + delimiter.Length;
        }

        return found ?? throw KumaJson.Unreadable($"the form has no part named '{name}'; expected one with the JSON");
    }

    private static int Begin(ReadOnlySpan<byte> body, ReadOnlySpan<byte> delimiter)
    {
        if (body.StartsWith(delimiter[LineEnd.Length..])) return delimiter.Length - LineEnd.Length;
        var start = body.IndexOf(delimiter);
        return start >= 0 ? start + delimiter.Length : throw KumaJson.Unreadable("the body does not hold the boundary that its content type names; expected a form of it");
    }

    // With the empty line that ends them. A part may have none at all.
    private static int HeaderLength(ReadOnlySpan<byte> body, int start)
    {
        var rest = body.Slice(start, Math.Min(body.Length - start, LongestHeader));
        if (rest.StartsWith(LineEnd)) return LineEnd.Length;
        var end = rest.IndexOf("\r\n\r\n"u8);
        return end >= 0 ? end + 4 : throw KumaJson.Unreadable($"the headers of the form's part at byte {start} do not end; expected an empty line within {LongestHeader} bytes");
    }

    private static string? NameOf(ReadOnlySpan<byte> headers)
    {
        foreach (var line in Encoding.Latin1.GetString(headers).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !line.AsSpan(0, colon).Trim().Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase)) continue;
            if (ContentDispositionHeaderValue.TryParse(line[(colon + 1)..], out var disposition)) return disposition.Name?.Trim('"');
        }

        return null;
    }
}
