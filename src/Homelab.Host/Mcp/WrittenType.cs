using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Homelab.Host.Mcp;

/// <summary>
/// How <see cref="HomelabJson"/> writes a type, told from the type alone. The serialiser knows it better, and makes machine code for each property of each type it is asked about: a client
/// that has just started the program would wait for that longer than for all the rest. A test holds the two against each other.
/// </summary>
internal sealed record WrittenType
{
    // Each is written as it is, and a list or a record by its looks alone.
    private static readonly Type[] s_ownWay = [typeof(string), typeof(object), typeof(Uri), typeof(Version), typeof(byte[]), typeof(JsonElement), typeof(JsonDocument)];

    internal required WrittenKind Kind { get; init; }

    /// <summary>Of what the list is, or to what the words lead.</summary>
    internal Type? Element { get; private init; }

    /// <summary>The fields of a record, what it adds to its bases before what it has of them: as they are written.</summary>
    internal IReadOnlyList<WrittenField> Fields { get; private init; } = [];

    internal static WrittenType Of(Type type)
    {
        if (IsItsOwnWay(type)) return new WrittenType { Kind = WrittenKind.OwnWay };
        if ((ElementsOf(type, typeof(IReadOnlyDictionary<,>)) ?? ElementsOf(type, typeof(IDictionary<,>))) is { } words) return new WrittenType { Kind = WrittenKind.Words, Element = words[1] };
        if (ElementsOf(type, typeof(IEnumerable<>)) is { } items) return new WrittenType { Kind = WrittenKind.List, Element = items[0] };
        return new WrittenType { Kind = WrittenKind.Record, Fields = FieldsOf(type) };
    }

    private static bool IsItsOwnWay(Type type) =>
        type.IsPrimitive || s_ownWay.Contains(type) || type.IsAssignableTo(typeof(JsonNode)) || type.IsDefined(typeof(JsonConverterAttribute), inherit: false)
        || HomelabJson.Options.Converters.Any(c => c.CanConvert(type));

    private static Type[]? ElementsOf(Type type, Type of) =>
        type.GetInterfaces().Append(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == of)?.GetGenericArguments();

    private static WrittenField[] FieldsOf(Type type)
    {
        var nullability = new NullabilityInfoContext();
        var fields = new List<WrittenField>();
        for (var at = type; at is not null && at != typeof(object); at = at.BaseType)
        {
            foreach (var property in at.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
            {
                if (property.GetMethod is not { IsPublic: true } || property.GetIndexParameters().Length > 0 || property.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Always }) continue;
                var name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);
                // What is overridden or hidden is written once, as the nearest has it.
                if (fields.Exists(f => f.Name == name)) continue;
                var mayBeNull = property.PropertyType.IsValueType ? Nullable.GetUnderlyingType(property.PropertyType) is not null : nullability.Create(property).ReadState != NullabilityState.NotNull;
                fields.Add(new WrittenField(name, property.PropertyType, mayBeNull, at));
            }
        }

        return [.. fields];
    }
}

/// <summary>What a value becomes.</summary>
internal enum WrittenKind
{
    /// <summary>An object with the fields of a record.</summary>
    Record,

    /// <summary>An array.</summary>
    List,

    /// <summary>An object whose fields are data.</summary>
    Words,

    /// <summary>What a converter of its own makes of it.</summary>
    OwnWay,
}

/// <summary>One field of a record.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Type">What it holds.</param>
/// <param name="MayBeNull">Whether it can be null.</param>
/// <param name="Declaring">The type that has it.</param>
internal sealed record WrittenField(string Name, Type Type, bool MayBeNull, Type Declaring);
