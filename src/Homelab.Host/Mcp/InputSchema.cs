using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.Host.Mcp;

/// <summary>The JSON Schema of an operation's input, for clients that check and models that guess. The gate's binder has the last word: it also knows names, and how long is too long.</summary>
internal static class InputSchema
{
    // As people write durations; "format": "duration" would mean ISO 8601.
    private const string DurationPattern = @"^(0|([0-9]+(\.[0-9]+)?(ms|s|m|h|d))+)$";

    private static readonly Dictionary<Type, string[]> s_references = new()
    {
        [typeof(VmRef)] = ["dev", "100", "pve1/100"],
        [typeof(StackRef)] = ["media", "media@dev"],
        [typeof(UnitRef)] = ["nginx", "certbot.timer"],
        [typeof(TaskRef)] = ["UPID:pve1:000010C4:0006078F:6B00E49D:qmstart:110:root@pam:"],
        [typeof(BackupRef)] = ["local:backup/vzdump-qemu-100-2026_11_21-00_35_24.vma.zst"],
        [typeof(SecretReference)] = ["env:NAME", "file:secrets/name"],
    };

    internal static JsonElement Of(InputShape shape)
    {
        var defaults = shape.Write(Activator.CreateInstance(shape.Type)!);
        var properties = new JsonObject();
        foreach (var property in shape.Properties)
        {
            var schema = Of(property);
            if (!property.Required && defaults[property.Name] is { } usual) schema["default"] = usual.DeepClone();
            properties[property.Name] = schema;
        }

        var whole = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (shape.Properties.Any(p => p.Required)) whole["required"] = new JsonArray([.. shape.Properties.Where(p => p.Required).Select(p => (JsonNode)p.Name)]);
        whole["additionalProperties"] = false;
        return JsonSerializer.SerializeToElement(whole);
    }

    private static JsonObject Of(InputProperty property)
    {
        var schema = OfType(property.Type);
        var description = property.Description;
        if (property.Range is { } range)
        {
            schema["minimum"] = Number(range.Minimum);
            schema["maximum"] = Number(range.Maximum);
        }

        if (property.DurationRange is { } duration)
        {
            description += $" From {duration.Shortest} to {duration.Longest}.";
            schema["examples"] = Examples(duration);
        }

        if (property.Pattern is { } pattern) schema["pattern"] = pattern.Pattern;
        if (property.Length is { } length)
        {
            if (length.MinimumLength > 0) schema["minLength"] = length.MinimumLength;
            schema["maxLength"] = length.MaximumLength;
        }

        schema["description"] = description;
        return schema;
    }

    private static JsonObject OfType(Type type)
    {
        if (type == typeof(bool)) return new JsonObject { ["type"] = "boolean" };
        if (type == typeof(int) || type == typeof(long)) return new JsonObject { ["type"] = "integer" };
        if (type == typeof(double)) return new JsonObject { ["type"] = "number" };
        if (type == typeof(TimeSpan)) return new JsonObject { ["type"] = "string", ["pattern"] = DurationPattern, ["examples"] = new JsonArray("30s", "5m", "1h30m") };
        if (type == typeof(DateTimeOffset)) return new JsonObject { ["type"] = "string", ["format"] = "date-time", ["examples"] = new JsonArray("2026-01-31T08:00:00Z") };
        if (type.IsEnum) return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(n => (JsonNode)(char.ToLowerInvariant(n[0]) + n[1..]))]) };
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) return new JsonObject { ["type"] = "array", ["items"] = OfType(type.GetGenericArguments()[0]) };
        // Texts, and references that are read from one: what one looks like says more to a model than its description.
        var text = new JsonObject { ["type"] = "string" };
        if (s_references.TryGetValue(type, out var examples)) text["examples"] = new JsonArray([.. examples.Select(static e => (JsonNode)e)]);
        return text;
    }

    private static JsonNode Number(object limit) => limit is int or long ? Convert.ToInt64(limit, CultureInfo.InvariantCulture) : Convert.ToDouble(limit, CultureInfo.InvariantCulture);

    private static JsonArray Examples(DurationRangeAttribute range)
    {
        string[] usual = ["500ms", "30s", "5m", "1h30m"];
        return new JsonArray([.. usual.Where(e => Duration.TryParse(e, out var duration) && range.Holds(duration)).Select(e => (JsonNode)e)]);
    }
}
