using System.Text.Json;

namespace Homelab.Automation.House;

/// <summary>Reads a record that came as text within an input: inputs are flat, and what it holds depends on another field.</summary>
internal static class JsonText
{
    private const int ShownLength = 60;

    /// <exception cref="InputException">It is no JSON object.</exception>
    internal static JsonDocument Parse(string field, string? text)
    {
        try
        {
            var document = JsonDocument.Parse(string.IsNullOrWhiteSpace(text) ? "{}" : text);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
        }
        catch (JsonException)
        {
            // Told below, as any other text that is none.
        }

        throw new InputException([new InputProblem(field, ForeignText.Clean(text!, ShownLength), "is no JSON object", "Write a JSON object as a text, such as {\"container\":\"gitea@dev\"}.")]);
    }
}
