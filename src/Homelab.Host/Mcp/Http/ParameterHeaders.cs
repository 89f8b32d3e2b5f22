using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Homelab.Host.Mcp.Http;

/// <summary>The headers <c>Mcp-Param-*</c> of the parameters that a tool's schema wants repeated there with <c>x-mcp-header</c>.</summary>
internal static class ParameterHeaders
{
    private const string Prefix = "Mcp-Param-";
    private const string Mark = "x-mcp-header";

    // What every client's language can count exactly: 2^53 - 1.
    private const decimal Exact = 9_007_199_254_740_991;

    /// <summary>What is wrong; null when nothing is.</summary>
    internal static string? Check(HttpContext http, JsonRpcMessage call, Func<string, Tool?> toolOf)
    {
        var parameters = RpcMeta.ParametersOf(call);
        if (RpcMeta.TextOf(parameters?["name"]) is not { } name || toolOf(name) is not { } tool) return null;
        return Check(http, tool.InputSchema, parameters?["arguments"] as JsonObject);
    }

    private static string? Check(HttpContext http, JsonElement schema, JsonObject? arguments)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object) return null;
        foreach (var property in properties.EnumerateObject().Where(static p => p.Value.ValueKind == JsonValueKind.Object))
        {
            var argument = arguments?[property.Name];
            var wrong = property.Value.TryGetProperty(Mark, out var mark) && mark.ValueKind == JsonValueKind.String
                ? Compare(http, Prefix + mark.GetString(), property, argument)
                : Check(http, property.Value, argument as JsonObject);
            if (wrong is not null) return wrong;
        }

        return null;
    }

    private static string? Compare(HttpContext http, string header, JsonProperty property, JsonNode? argument)
    {
        if (!http.Request.Headers.TryGetValue(header, out var values)) return argument is null ? null : $"The header {header} is missing: it must say the same as argument '{property.Name}'.";
        if (HeaderText.Decode(values.ToString().Trim()) is not { } said) return $"The header {header} is neither plain ASCII nor =?base64?...?=.";
        if (argument is null) return $"The header {header} says something, and argument '{property.Name}' is not given.";
        var isSame = IsInteger(property.Value)
            ? Number(said) is { } left && Number(argument.ToJsonString().Trim('"')) is { } right && left == right
            : said == TextOf(argument);
        return isSame ? null : $"The header {header} says '{said}', which is not what argument '{property.Name}' is.";
    }

    private static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == decimal.Truncate(number) && Math.Abs(number) <= Exact ? number : null;

    private static string TextOf(JsonNode argument) => RpcMeta.TextOf(argument) ?? argument.ToJsonString();

    private static bool IsInteger(JsonElement schema) => schema.TryGetProperty("type", out var type) && type.ValueKind switch
    {
        JsonValueKind.String => type.ValueEquals("integer"),
        JsonValueKind.Array => type.EnumerateArray().Any(static t => t.ValueKind == JsonValueKind.String && t.ValueEquals("integer")),
        _ => false,
    };
}
