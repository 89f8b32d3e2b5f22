using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.Host.Mcp;

/// <summary>
/// The JSON Schema of what a tool gives back as structured content, whatever comes of the call: items, a change, a question to a person, an error. Texts and lists are cut where they are
/// too long, so no field of an item is promised; those of the answer itself are.
/// </summary>
internal static class OutputSchema
{
    // Deeper than any record of the model; one that held itself would end here.
    private const int Deepest = 8;

    internal static JsonElement Of(OperationDescriptor operation)
    {
        var properties = operation.IsChange ? OfChange(operation) : OfQuery(operation);
        properties["error"] = Record(
            ("id", Text()), ("kind", Words(Enum.GetValues<ErrorKind>().Select(HomelabNames.Of))), ("message", Text()), ("target", Text()),
            ("problems", List(Record(("field", Text()), ("value", Type("string", "null")), ("reason", Text()), ("wayOut", Text())))));
        return JsonSerializer.SerializeToElement(new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = new JsonArray("status") });
    }

    /// <summary>The fields of an item or a result, what it is before what it adds to that: a serialiser writes them the other way round. Empty where it is no record.</summary>
    internal static IReadOnlyList<string> FieldsOf(OperationDescriptor operation) => [.. WrittenType.Of(operation.ResultType).Fields.OrderBy(static f => Bases(f.Declaring)).Select(static f => f.Name)];

    private static int Bases(Type? type) => type?.BaseType is { } above ? 1 + Bases(above) : 0;

    private static JsonObject OfQuery(OperationDescriptor operation) => new()
    {
        ["status"] = Words(["found", "failed"]),
        ["items"] = List(OfType(operation.ResultType, 0)),
        ["count"] = Type("integer"),
        ["complete"] = Type("boolean"),
        ["hint"] = Text(),
    };

    private static JsonObject OfChange(OperationDescriptor operation) => new()
    {
        ["status"] = Words(["done", "waiting", "underWay", "failed"]),
        ["what"] = Text(),
        ["change"] = Text(),
        ["result"] = OfType(operation.ResultType, 0),
        ["approval"] = Record(
            ("id", Text()), ("question", Text()), ("reason", Text()), ("expiresAt", Time()), ("confirmationsNeeded", Type("integer")), ("confirmationsGiven", Type("integer")),
            ("answerWith", Text()), ("waitWith", Text())),
    };

    private static JsonObject OfType(Type type, int depth)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return OrNull(OfType(inner, depth));
        if (type == typeof(string) || type == typeof(TimeSpan) || type == typeof(Guid) || type == typeof(DateOnly) || type == typeof(TimeOnly) || type == typeof(Uri)) return Text();
        if (type == typeof(DateTimeOffset) || type == typeof(DateTime)) return Time();
        if (type == typeof(bool)) return Type("boolean");
        if (type == typeof(int) || type == typeof(long) || type == typeof(short) || type == typeof(uint) || type == typeof(ulong)) return Type("integer");
        if (type == typeof(double) || type == typeof(float) || type == typeof(decimal)) return Type("number");
        if (type.IsEnum) return Words(Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName));
        if (depth >= Deepest) return [];
        var written = WrittenType.Of(type);
        return written.Kind switch
        {
            WrittenKind.Record => OfRecord(written, depth),
            WrittenKind.List => List(Cut(OfType(written.Element!, depth + 1))),
            WrittenKind.Words => new JsonObject { ["type"] = "object", ["additionalProperties"] = Cut(OfType(written.Element!, depth + 1)) },
            // Written by a converter of its own: a reference as its text, anything else as it likes.
            _ => type.GetMethod("Parse", BindingFlags.Public | BindingFlags.Static, [typeof(string), typeof(IFormatProvider)]) is null ? [] : Text(),
        };
    }

    private static JsonObject OfRecord(WrittenType record, int depth)
    {
        var properties = new JsonObject();
        foreach (var field in record.Fields)
        {
            var schema = OfType(field.Type, depth + 1);
            properties[field.Name] = field.MayBeNull && Nullable.GetUnderlyingType(field.Type) is null ? OrNull(schema) : schema;
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties };
    }

    // What is said in place of what was cut is a text.
    private static JsonObject Cut(JsonObject schema) => schema.Count == 0 || schema["type"] is JsonValue type && type.GetValue<string>() == "string" && schema["enum"] is null && schema["format"] is null
        ? schema
        : new JsonObject { ["anyOf"] = new JsonArray(schema, Text()) };

    private static JsonObject OrNull(JsonObject schema)
    {
        if (schema["type"] is JsonValue type && schema["enum"] is null)
        {
            schema["type"] = new JsonArray(type.GetValue<string>(), "null");
            return schema;
        }

        return schema.Count == 0 ? schema : new JsonObject { ["anyOf"] = new JsonArray(schema, Type("null")) };
    }

    private static JsonObject Record(params (string Name, JsonObject Schema)[] fields) => new() { ["type"] = "object", ["properties"] = new JsonObject(fields.Select(static f => KeyValuePair.Create(f.Name, (JsonNode?)f.Schema))) };

    private static JsonObject List(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject Words(IEnumerable<string> words) => new() { ["type"] = "string", ["enum"] = new JsonArray([.. words.Select(static w => (JsonNode)w)]) };

    private static JsonObject Text() => Type("string");

    private static JsonObject Time() => new() { ["type"] = "string", ["format"] = "date-time" };

    private static JsonObject Type(params string[] types) => new() { ["type"] = types.Length == 1 ? types[0] : new JsonArray([.. types.Select(static t => (JsonNode)t)]) };
}
