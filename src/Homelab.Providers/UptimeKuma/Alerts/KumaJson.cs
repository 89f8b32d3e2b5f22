using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Homelab.Providers.UptimeKuma;

/// <summary>Reads foreign JSON strictly, and says of every mistake what it is and where it stands.</summary>
internal static class KumaJson
{
    // Kuma nests three deep; room for custom bodies, none for a stack that is to be exhausted.
    private const int MaxDepth = 32;

    private const int ShownLength = 60;

    // What an old client may have put before UTF-8; harmless, and not JSON.
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <param name="bytes">UTF-8.</param>
    /// <param name="what">What the bytes are, for messages: <c>the body</c>.</param>
    internal static JsonDocument Parse(ReadOnlyMemory<byte> bytes, string what)
    {
        var skipped = bytes.Span.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        var json = bytes[skipped..];
        if (json.Span.Trim(" \t\r\n"u8).IsEmpty) throw Unreadable($"{what} is empty; expected JSON with heartbeat, monitor and msg");
        CheckText(json.Span, what, skipped);
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            throw Unreadable($"{what} is no JSON that can be read: {Explain(e, json.Span, skipped)}");
        }
        catch (InvalidOperationException)
        {
            // A name written as \ud800 alone: half a character.
            throw Unreadable($"{what} is no JSON that can be read: a field's name holds half a character; expected whole ones");
        }
    }

    internal static string ReadText(ReadOnlyMemory<byte> bytes, string what)
    {
        CheckText(bytes.Span, what, 0);
        return Encoding.UTF8.GetString(bytes.Span);
    }

    /// <summary>A field that is a text, or null when it is null or absent.</summary>
    internal static string? Text(JsonElement parent, string field, string path)
    {
        if (!TryGet(parent, field, out var value)) return null;
        if (value.ValueKind != JsonValueKind.String) throw Wrong(path, value, "a text");
        return Decode(value, path);
    }

    internal static string Decode(JsonElement text, string path)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Unreadable($"{path} holds half a character (an unpaired surrogate); expected whole ones");
        }
    }

    /// <summary>True when the field is there and not null.</summary>
    internal static bool TryGet(JsonElement parent, string field, out JsonElement value) =>
        parent.TryGetProperty(field, out value) && value.ValueKind != JsonValueKind.Null;

    internal static HomelabException Wrong(string path, JsonElement value, string expected) => Unreadable($"{path} is {Kind(value)}; expected {expected}");

    internal static HomelabException Unreadable(string reason) =>
        new(ErrorKind.Invalid, "AlertUnreadable", $"The alert from Uptime Kuma cannot be read: {reason}.", KumaNames.Provider);

    private static void CheckText(ReadOnlySpan<byte> bytes, string what, int offset)
    {
        if (Utf8.IsValid(bytes)) return;
        var position = 0;
        while (Rune.DecodeFromUtf8(bytes[position..], out _, out var length) == System.Buffers.OperationStatus.Done) position += length;
        throw Unreadable($"{what} is not UTF-8: byte {offset + position} is 0x{bytes[position]:X2}; expected UTF-8");
    }

    private static string Explain(JsonException e, ReadOnlySpan<byte> json, int skipped)
    {
        // The framework appends its own position, and counts from the beginning of the line.
        var reason = e.Message;
        if (reason.IndexOf(" LineNumber:", StringComparison.Ordinal) is > 0 and var end) reason = reason[..end];
        if (reason.IndexOf(" Path:", StringComparison.Ordinal) is > 0 and var path) reason = reason[..path];
        reason = ForeignText.Clean(reason, 200).TrimEnd('.');
        return e.BytePositionInLine is { } column ? $"{reason}, at byte {skipped + LineStart(json, e.LineNumber ?? 0) + column}" : reason;
    }

    private static long LineStart(ReadOnlySpan<byte> json, long line)
    {
        var start = 0;
        for (; line > 0; line--)
        {
            var length = json[start..].IndexOf((byte)'\n');
            if (length < 0) break;
            start += length + 1;
        }

        return start;
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => value.GetRawText() is { Length: <= ShownLength } number ? number : "a number of " + value.GetRawText().Length + " digits",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        _ => "missing",
    };
}
