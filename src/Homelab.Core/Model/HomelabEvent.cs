using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Homelab;

/// <summary>Something that a running <c>homelab serve</c> tells: one line of JSON on its standard output.</summary>
/// <remarks>The program writes it, whoever started the program reads it back; both by this type.</remarks>
public sealed record HomelabEvent
{
    // Read by people and programs as text, never put into a page: quotes and umlauts may stay as they are.
    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What happened: <c>ready</c>, <c>stopping</c>, <c>configurationWarning</c>, or what happens while healing: <c>incidentOpened</c>, <c>recovered</c>, <c>escalated</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The service concerned; empty where none is.</summary>
    public string Service { get; init; } = "";

    /// <summary>The incident concerned; empty where none is.</summary>
    public string Incident { get; init; } = "";

    /// <summary>The run on request concerned; empty where none is.</summary>
    public string Run { get; init; } = "";

    /// <summary>One line for people; empty where the name says all.</summary>
    public string Text { get; init; } = "";

    /// <summary>Reads a line. Fields that are not known, as a newer program may write, are passed over.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="result">What it tells.</param>
    /// <returns>False when it is no such line: no JSON object, or one without time and event.</returns>
    public static bool TryParse([NotNullWhen(true)] string? line, [NotNullWhen(true)] out HomelabEvent? result)
    {
        result = null;
        if (string.IsNullOrWhiteSpace(line)) return false;
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Field(root, "event") is not { Length: > 0 } name) return false;
            if (!root.TryGetProperty("time", out var at) || at.ValueKind != JsonValueKind.String || !at.TryGetDateTimeOffset(out var time)) return false;
            result = new HomelabEvent { Time = time, Event = name, Service = Field(root, "service"), Incident = Field(root, "incident"), Run = Field(root, "run"), Text = Field(root, "text") };
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or half a character in a text: whatever the line is, it is not ours, and that is the answer.
            return false;
        }
    }

    /// <summary>The line that <see cref="TryParse"/> reads, without its end. Fields that are empty are left out.</summary>
    public string ToLine()
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, s_writing))
        {
            json.WriteStartObject();
            json.WriteString("time", Time);
            json.WriteString("event", Event);
            Write(json, "service", Service);
            Write(json, "incident", Incident);
            Write(json, "run", Run);
            Write(json, "text", Text);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', new[] { Event, Service, Text }.Where(static part => part.Length > 0));

    private static void Write(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0) json.WriteString(name, value);
    }

    private static string Field(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
