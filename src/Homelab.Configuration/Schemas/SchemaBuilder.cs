using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.Configuration;

/// <summary>Builds one schema; every record becomes a definition that the others refer to.</summary>
internal sealed class SchemaBuilder(IReadOnlyDictionary<string, Type> typesByName)
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";
    private const string DurationPattern = @"^((\d+(\.\d+)?(d|h|ms|m|s))+|0|(\d+\.)?\d{1,2}:\d{2}(:\d{2}(\.\d{1,7})?)?)$";
    private const string SecretPattern = @"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|vault:.+)$";
    private const string TimePattern = @"^\d{1,2}:\d{2}(:\d{2})?$";

    private readonly SortedDictionary<string, JsonObject> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, string> _names = [];

    internal JsonObject Build(string title, params Type[] parts)
    {
        var root = new JsonObject { ["$schema"] = Dialect, ["title"] = title };
        WriteRecord(root, [.. parts.Select(RecordShape.Of)]);
        root["$defs"] = new JsonObject(_definitions.Select(static d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value)));
        return root;
    }

    private void WriteRecord(JsonObject schema, IReadOnlyList<RecordShape> shapes)
    {
        var properties = new JsonObject();
        foreach (var shape in shapes)
        {
            var defaults = shape.Create();
            foreach (var field in shape.Fields) properties[field.Name] = OfField(field, defaults);
        }

        var required = shapes.SelectMany(static s => s.Fields).Where(static f => f.IsRequired).Select(static f => (JsonNode?)f.Name).ToArray();
        // "gitea:" with nothing behind it is a service of which everything is left at its default.
        schema["type"] = required.Length > 0 ? "object" : new JsonArray("object", "null");
        schema["properties"] = properties;
        if (required.Length > 0) schema["required"] = new JsonArray(required);
        schema["additionalProperties"] = false;
    }

    private JsonObject OfField(FieldShape field, object record)
    {
        var schema = new JsonObject { ["description"] = field.Description };
        foreach (var (key, value) in Of(field.Type).ToArray()) schema[key] = value?.DeepClone();
        if (field.Allowed.Count == 1) schema["const"] = field.Allowed[0];
        if (field.Allowed.Count > 1) schema["enum"] = new JsonArray([.. field.Allowed.Select(static a => (JsonNode?)a)]);
        if (field.Pattern is { } pattern) schema["pattern"] = $"^(?:{pattern})$";
        if (field.ShortestText is { } shortest) schema["minLength"] = shortest;
        if (field.LongestText is { } longest) schema["maxLength"] = longest;
        if (field.Least is { } least) schema["minimum"] = least;
        if (field.Most is { } most) schema["maximum"] = most;
        if (!field.IsRequired && Default(field.Property.GetValue(record)) is { } byDefault) schema["default"] = byDefault;
        return schema;
    }

    private static JsonNode? Default(object? value) => value switch
    {
        string { Length: > 0 } text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        TimeSpan duration => JsonValue.Create(Duration.Format(duration)),
        Enum choice => JsonValue.Create(JsonNamingPolicy.CamelCase.ConvertName(choice.ToString())),
        IReadOnlyList<string> { Count: > 0 } texts => new JsonArray([.. texts.Select(static t => (JsonNode?)t)]),
        _ => null,
    };

    private JsonObject Of(Type type)
    {
        if (type == typeof(string)) return new JsonObject { ["type"] = "string" };
        if (type == typeof(bool)) return new JsonObject { ["type"] = "boolean" };
        if (type == typeof(int) || type == typeof(long)) return new JsonObject { ["type"] = "integer" };
        if (type == typeof(double)) return new JsonObject { ["type"] = "number" };
        if (type == typeof(TimeSpan)) return OfDuration();
        if (type == typeof(TimeOnly)) return new JsonObject { ["type"] = "string", ["pattern"] = TimePattern };
        if (type == typeof(DateTimeOffset)) return new JsonObject { ["type"] = "string", ["format"] = "date-time" };
        if (type == typeof(Uri)) return new JsonObject { ["type"] = "string", ["format"] = "uri" };
        if (type == typeof(SecretReference)) return new JsonObject { ["type"] = "string", ["pattern"] = SecretPattern };
        if (type == typeof(JsonObject)) return new JsonObject { ["type"] = "object" };
        if (type == typeof(JsonNode)) return [];
        if (type.IsEnum) return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Words.Names(type).Select(static n => (JsonNode?)n)]) };
        if (TypeForm.TryList(type, out var item)) return new JsonObject { ["type"] = "array", ["items"] = OfItem(item) };
        if (TypeForm.TryDictionary(type, out var value)) return OfDictionary(value);
        return TypeForm.IsRecord(type) ? OfRecord(type) : new JsonObject { ["type"] = "string" };
    }

    // A bare 0 is a number to YAML, and the only one that is a duration.
    private static JsonObject OfDuration() =>
        new() { ["type"] = new JsonArray("string", "integer"), ["pattern"] = DurationPattern, ["minimum"] = 0, ["maximum"] = 0 };

    // In a list of texts a number is taken as it is written, such as the status code 401.
    private JsonObject OfItem(Type item) => item == typeof(string) ? new JsonObject { ["type"] = new JsonArray("string", "integer") } : Of(item);

    private JsonObject OfDictionary(Type value)
    {
        var schema = new JsonObject { ["type"] = "object" };
        if (value != typeof(object))
        {
            schema["additionalProperties"] = Of(value);
            return schema;
        }

        var sorted = typesByName.OrderBy(static t => t.Key, StringComparer.Ordinal);
        schema["properties"] = new JsonObject(sorted.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)Of(t.Value))));
        schema["additionalProperties"] = false;
        return schema;
    }

    private JsonObject OfRecord(Type type)
    {
        var reference = new JsonObject { ["$ref"] = $"#/$defs/{Define(type)}" };
        if (RecordShape.Of(type).Shorthand is not { } shorthand) return reference;
        var alone = OfField(shorthand, RecordShape.Of(type).Create());
        return new JsonObject { ["oneOf"] = new JsonArray(alone, reference) };
    }

    private string Define(Type type)
    {
        if (_names.TryGetValue(type, out var known)) return known;
        // Two providers may each have a record of the same name.
        var name = type.Name;
        for (var i = 2; _definitions.ContainsKey(name); i++) name = $"{type.Name}{i}";
        _names.Add(type, name);
        var definition = new JsonObject();
        _definitions.Add(name, definition);
        WriteRecord(definition, [RecordShape.Of(type)]);
        return name;
    }
}
