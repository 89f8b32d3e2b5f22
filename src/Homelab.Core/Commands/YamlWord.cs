using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab;

/// <summary>A word as it is written in a lab file. A text of JSON is one of YAML too.</summary>
internal static class YamlWord
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Of(string word) => JsonValue.Create(word).ToJsonString(s_plain);
}
