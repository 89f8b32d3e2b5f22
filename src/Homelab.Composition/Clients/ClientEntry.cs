using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.Composition.Clients;

/// <summary>What an AI client's file says of this server: under which keys, and which object. Never a secret, only where the client finds it.</summary>
public sealed record ClientEntry
{
    private static readonly JsonSerializerOptions s_format = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whose file it is.</summary>
    public required ClientProgram Client { get; init; }

    /// <summary>The keys that lead to the object, the server's name last.</summary>
    public required IReadOnlyList<string> Path { get; init; }

    /// <summary>The object.</summary>
    public required JsonObject Value { get; init; }

    /// <summary>What VS Code asks the user for, once; null where it need not.</summary>
    public JsonObject? Input { get; init; }

    /// <summary>A whole file with this entry alone.</summary>
    public string Render()
    {
        JsonNode document = Value.DeepClone();
        foreach (var key in Path.Reverse()) document = new JsonObject { [key] = document };
        if (Input is not null)
        {
            document = new JsonObject { [ClientEntries.Inputs] = new JsonArray(Input.DeepClone()), [Path[0]] = document[Path[0]]!.DeepClone() };
        }

        return document.ToJsonString(s_format);
    }
}
