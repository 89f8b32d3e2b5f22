using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Homelab;

/// <summary>Reads a sender's JSON strictly, and says of every mistake what it is and where it stands.</summary>
/// <param name="source">The source's name: <c>alertmanager</c>.</param>
/// <param name="sender">Who sends, for messages: <c>Alertmanager</c>.</param>
/// <param name="expected">What its body is, for messages: <c>JSON of version 4 with alerts</c>.</param>
public sealed class AlertJson(string source, string sender, string expected)
{
    // No sender nests deeper than five; room for custom bodies, none for a stack that is to be exhausted.
    private const int MaxDepth = 32;

    private const int LongestName = 255;
    private const int LongestMessage = 500;
    private const int LongestLabelName = 100;
    private const int LongestLabel = 300;
    private const int MostLabels = 60;
    private const int ShownLength = 60;

    private static readonly System.Buffers.SearchValues<char> s_number = System.Buffers.SearchValues.Create("+-.0123456789");

    // What an old client may have put before UTF-8; harmless, and not JSON.
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads the body.</summary>
    /// <exception cref="HomelabException"><c>AlertUnreadable</c>.</exception>
    public JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        var skipped = body.Span.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        var json = body[skipped..];
        if (json.Span.Trim(" \t\r\n"u8).IsEmpty) throw Unreadable($"the body is empty; expected {expected}");
        CheckText(json.Span, skipped);
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            // The framework appends its own position.
            var reason = e.Message;
            if (reason.IndexOf(" LineNumber:", StringComparison.Ordinal) is > 0 and var end) reason = reason[..end];
            if (reason.IndexOf(" Path:", StringComparison.Ordinal) is > 0 and var path) reason = reason[..path];
            var place = string.Create(CultureInfo.InvariantCulture, $"line {(e.LineNumber ?? 0) + 1}, byte {e.BytePositionInLine ?? 0}");
            throw Unreadable($"the body is no JSON that can be read: {ForeignText.Clean(reason, 200).TrimEnd('.')}, at {place}; expected {expected}");
        }
        catch (InvalidOperationException)
        {
            // A name written as \ud800 alone.
            throw Unreadable("the body is no JSON that can be read: a field's name holds half a character; expected whole ones");
        }
    }

    /// <summary>The body as text.</summary>
    /// <exception cref="HomelabException"><c>AlertUnreadable</c>: it is not UTF-8.</exception>
    public string ReadText(ReadOnlyMemory<byte> body)
    {
        var skipped = body.Span.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        CheckText(body.Span[skipped..], skipped);
        return Encoding.UTF8.GetString(body.Span[skipped..]);
    }

    /// <summary>A field that is a text; null when it is null or absent.</summary>
    public string? Text(JsonElement parent, string field, string path)
    {
        if (!TryGet(parent, field, out var value)) return null;
        return value.ValueKind == JsonValueKind.String ? Decode(value, path) : throw Wrong(path, value, "a text");
    }

    /// <summary>A field that is a text and must be there.</summary>
    public string Required(JsonElement parent, string field, string path) => Text(parent, field, path) ?? throw Unreadable($"{path} is null or missing; expected a text");

    /// <summary>A text by which things are matched: refused rather than repaired, because a repaired name could be another thing's. Null for one without anything in it.</summary>
    public string? Name(string? text, string path)
    {
        var name = text?.Trim();
        if (string.IsNullOrEmpty(name)) return null;
        if (name.Length > LongestName) throw Unreadable(string.Create(CultureInfo.InvariantCulture, $"{path} is {name.Length} characters long; expected at most {LongestName}"));
        return ForeignText.IsClean(name) ? name : throw Unreadable($"{path} holds control or invisible characters; expected plain text");
    }

    /// <summary>A sentence as it may be shown and kept.</summary>
    public static string Message(string text) => ForeignText.Clean(text, LongestMessage);

    /// <summary>A field that is a list.</summary>
    public JsonElement List(JsonElement parent, string field, string path)
    {
        parent.TryGetProperty(field, out var value);
        return value.ValueKind == JsonValueKind.Array ? value : throw Wrong(path, value, "a list");
    }

    /// <summary>A field that is a record of texts, such as labels; empty when it is null or absent. What is more, or longer, than can be of use is cut.</summary>
    public IReadOnlyDictionary<string, string> Texts(JsonElement parent, string field, string path)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!TryGet(parent, field, out var value)) return texts;
        if (value.ValueKind != JsonValueKind.Object) throw Wrong(path, value, "an object of texts");
        foreach (var property in value.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String) throw Wrong($"{path}.{ForeignText.Clean(property.Name, ShownLength)}", property.Value, "a text");
            if (texts.Count < MostLabels) texts.TryAdd(ForeignText.Clean(property.Name, LongestLabelName), ForeignText.Clean(Decode(property.Value, path), LongestLabel));
        }

        return texts;
    }

    /// <summary>A field that is a moment as RFC 3339 writes it; null when it is null, absent, or the zero of Go's clock.</summary>
    public DateTimeOffset? Time(JsonElement parent, string field, string path)
    {
        if (Text(parent, field, path) is not { Length: > 0 } text) return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time.Year > 1 ? time : null
            : throw Unreadable($"{path} is \"{ForeignText.Clean(text, 40)}\"; expected a time such as \"2026-01-31T08:00:00Z\"");
    }

    /// <summary>A field that is a number; null when it is null or absent.</summary>
    public double? Number(JsonElement parent, string field, string path)
    {
        if (!TryGet(parent, field, out var value)) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw Wrong(path, value, "a number");
    }

    /// <summary>True when the field is there and not null.</summary>
    public static bool TryGet(JsonElement parent, string field, out JsonElement value) => parent.TryGetProperty(field, out value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A short name for a long text: the same for the same text.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    /// <summary>A number at the beginning of a text, such as <c>92.1%</c>; null where there is none.</summary>
    public static double? LeadingNumber(string? text)
    {
        var span = text.AsSpan().Trim();
        var length = span.IndexOfAnyExcept(s_number);
        if (length >= 0) span = span[..length];
        return double.TryParse(span, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
    }

    /// <summary>The error for a value of the wrong kind.</summary>
    public HomelabException Wrong(string path, JsonElement value, string wanted) => Unreadable($"{path} is {Kind(value)}; expected {wanted}");

    /// <summary>The one error there is.</summary>
    public HomelabException Unreadable(string reason) => new(ErrorKind.Invalid, "AlertUnreadable", $"The alert from {sender} cannot be read: {reason}.", source);

    private string Decode(JsonElement text, string path)
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

    private void CheckText(ReadOnlySpan<byte> bytes, int offset)
    {
        if (Utf8.IsValid(bytes)) return;
        var position = 0;
        while (Rune.DecodeFromUtf8(bytes[position..], out _, out var length) == System.Buffers.OperationStatus.Done) position += length;
        throw Unreadable(string.Create(CultureInfo.InvariantCulture, $"the body is not UTF-8: byte {offset + position} is 0x{bytes[position]:X2}; expected UTF-8"));
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => value.GetRawText() is { Length: <= ShownLength } number ? number : "a very long number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        _ => "missing",
    };
}
