using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.Configuration;

/// <summary>Writes the JSON schemas (draft 2020-12) by which editors check and complete our files, from the same types that the readers use.</summary>
public static class SchemaWriter
{
    private static readonly JsonSerializerOptions s_text = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        // The files are read by people; they stand in no web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema of a lab file.</summary>
    /// <param name="providerSettings">The record of each provider's settings, by the provider's name.</param>
    public static JsonObject Lab(IReadOnlyDictionary<string, Type> providerSettings)
    {
        ArgumentNullException.ThrowIfNull(providerSettings);
        return new SchemaBuilder(providerSettings).Build("A homelab.", typeof(LabHead), typeof(LabDefinition));
    }

    /// <summary>The schema of a runbook.</summary>
    public static JsonObject Runbook() =>
        new SchemaBuilder(new Dictionary<string, Type>(StringComparer.Ordinal)).Build("A recovery scenario.", typeof(RunbookDocument));

    /// <summary>A schema as it is published: indented, with a newline at its end. The same types always give the same text.</summary>
    public static string Format(JsonObject schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return schema.ToJsonString(s_text) + "\n";
    }
}
