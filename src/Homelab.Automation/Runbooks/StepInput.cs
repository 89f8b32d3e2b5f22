using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Automation.Expressions;

namespace Homelab.Automation.Runbooks;

/// <summary>Fills the <c>{{ expressions }}</c> of a step's <c>with:</c>.</summary>
internal static class StepInput
{
    internal static JsonElement Render(JsonObject with, JsonObject scope) => JsonSerializer.SerializeToElement(RenderNode(with, scope));

    /// <summary>Every text in it, with its path below <c>with</c>.</summary>
    internal static IEnumerable<(string Path, string Text)> Texts(JsonNode? node, string path) => node switch
    {
        JsonObject record => record.SelectMany(p => Texts(p.Value, $"{path}.{p.Key}")),
        JsonArray list => list.SelectMany((item, i) => Texts(item, $"{path}[{i}]")),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [(path, value.GetValue<string>())],
        _ => [],
    };

    /// <summary>Fills what is known; a text with an expression that is not is left as it was written.</summary>
    internal static JsonObject RenderKnown(JsonObject with, JsonObject scope, Func<Expression, bool> isKnown) => (JsonObject)RenderKnownNode(with, scope, isKnown)!;

    private static JsonNode? RenderKnownNode(JsonNode? node, JsonObject scope, Func<Expression, bool> isKnown) => node switch
    {
        JsonObject record => new JsonObject(record.Select(p => KeyValuePair.Create(p.Key, RenderKnownNode(p.Value, scope, isKnown)))),
        JsonArray list => new JsonArray([.. list.Select(item => RenderKnownNode(item, scope, isKnown))]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String && Template.Parse(value.GetValue<string>()) is var text && text.Expressions.All(isKnown) => text.Render(scope),
        _ => node?.DeepClone(),
    };

    private static JsonNode? RenderNode(JsonNode? node, JsonObject scope) => node switch
    {
        JsonObject record => new JsonObject(record.Select(p => KeyValuePair.Create(p.Key, RenderNode(p.Value, scope)))),
        JsonArray list => new JsonArray([.. list.Select(item => RenderNode(item, scope))]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Template.Parse(value.GetValue<string>()).Render(scope),
        _ => node?.DeepClone(),
    };
}
