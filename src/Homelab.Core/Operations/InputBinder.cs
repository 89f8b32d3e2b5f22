using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab;

/// <summary>
/// Reads inputs from JSON, the same way for every face: runbook, REST, MCP and approval. Unknown fields are errors, all problems are found in
/// one pass, and each names the field, the value, the reason and the way out.
/// </summary>
internal static class InputBinder
{
    // Enough of a value to recognise it, not enough to flood a log.
    private const int ShownLength = 60;

    internal static object Bind(InputShape shape, JsonElement json)
    {
        var problems = new List<InputProblem>();
        var input = Activator.CreateInstance(shape.Type)!;
        if (json.ValueKind is JsonValueKind.Object)
        {
            var given = new HashSet<string>(StringComparer.Ordinal);
            foreach (var field in json.EnumerateObject()) BindField(shape, input, field, given, problems);
            foreach (var missing in shape.Properties.Where(p => p.Required && !given.Contains(p.Name)))
            {
                problems.Add(new InputProblem(missing.Name, null, "is missing", $"Give {Expected(missing)}: {missing.Description}"));
            }
        }
        else if (json.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null) || shape.Properties.Any(p => p.Required))
        {
            problems.Add(new InputProblem("(input)", Shown(json), "is not an object", "Give a JSON object with the fields of the operation."));
        }

        if (problems.Count == 0) return input;
        throw new InputException(problems);
    }

    internal static void Validate(InputShape shape, object input)
    {
        var problems = new List<InputProblem>();
        foreach (var property in shape.Properties)
        {
            var value = property.Property.GetValue(input);
            if (value is null && property.Required) problems.Add(new InputProblem(property.Name, null, "is missing", $"Give {Expected(property)}: {property.Description}"));
            else if (value is not null && OutOfRange(property, value) is { } range) problems.Add(new InputProblem(property.Name, Write(value)?.ToJsonString(), range, property.Description));
        }

        if (problems.Count > 0) throw new InputException(problems);
    }

    internal static JsonNode? Write(object value) => value switch
    {
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        double number => JsonValue.Create(number),
        TimeSpan duration => JsonValue.Create(Duration.Format(duration)),
        DateTimeOffset time => JsonValue.Create(time.ToString("O", CultureInfo.InvariantCulture)),
        Enum choice => JsonValue.Create(CamelCase(choice.ToString())),
        Secret => JsonValue.Create(Secret.Mask),
        IEnumerable list => new JsonArray([.. list.Cast<object>().Select(Write)]),
        _ => JsonValue.Create(value.ToString()),
    };

    private static void BindField(InputShape shape, object input, JsonProperty field, HashSet<string> given, List<InputProblem> problems)
    {
        var property = shape.Properties.FirstOrDefault(p => string.Equals(p.Name, field.Name, StringComparison.OrdinalIgnoreCase));
        if (property is null)
        {
            problems.Add(new InputProblem(field.Name, Shown(field.Value), "is not a field of this operation", NearestName.Hint(field.Name, [.. shape.Properties.Select(p => p.Name)])));
            return;
        }

        if (!given.Add(property.Name))
        {
            problems.Add(new InputProblem(property.Name, Shown(field.Value), "is given twice", "Give it once."));
            return;
        }

        if (field.Value.ValueKind is JsonValueKind.Null)
        {
            if (property.Required) problems.Add(new InputProblem(property.Name, "null", "is null", $"Give {Expected(property)}."));
            return;
        }

        string? reason = null;
        if (!TryReadSize(property, field.Value, out var value) && !TryReadOne(property, field.Value, out value) && !TryRead(property.Type, field.Value, out value, out reason))
        {
            problems.Add(new InputProblem(property.Name, Shown(field.Value), reason ?? $"is not {Expected(property)}", $"Give {Expected(property)}: {property.Description}"));
            return;
        }

        if (OutOfRange(property, value!) is { } range)
        {
            problems.Add(new InputProblem(property.Name, Shown(field.Value), range, property.Description));
            return;
        }

        property.Property.SetValue(input, value);
    }

    // Bytes are a number on every wire; people who write a runbook may say 4GiB.
    private static bool TryReadSize(InputProperty property, JsonElement json, out object? value)
    {
        value = null;
        if (!property.IsBytes || json.ValueKind is not JsonValueKind.String || !ByteSize.TryParse(json.GetString(), out var bytes)) return false;
        value = bytes;
        return true;
    }

    // What is acted on may be one thing where several can be: it need not be dressed as a list. Any other list is what it says, such as the words of a command.
    private static bool TryReadOne(InputProperty property, JsonElement json, out object? value)
    {
        value = null;
        if (!property.IsSubject || !TryListItem(property.Type, out var item) || json.ValueKind is JsonValueKind.Array || !TryRead(item, json, out var one, out _)) return false;
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        list.Add(one);
        value = list;
        return true;
    }

    private static bool TryRead(Type type, JsonElement json, out object? value, out string? reason)
    {
        reason = null;
        value = null;
        if (type == typeof(string)) return Take(json.ValueKind is JsonValueKind.String, () => json.GetString(), out value);
        if (type == typeof(bool)) return Take(json.ValueKind is JsonValueKind.True or JsonValueKind.False, () => json.GetBoolean(), out value);
        if (type == typeof(int)) return Take(json.ValueKind is JsonValueKind.Number && json.TryGetInt32(out _), () => json.GetInt32(), out value);
        if (type == typeof(long)) return Take(json.ValueKind is JsonValueKind.Number && json.TryGetInt64(out _), () => json.GetInt64(), out value);
        if (type == typeof(double)) return Take(json.ValueKind is JsonValueKind.Number && json.TryGetDouble(out var n) && double.IsFinite(n), () => json.GetDouble(), out value);
        if (TryListItem(type, out var item)) return TryReadList(item, json, out value, out reason);
        // A guest may be named by the number that its VMID is.
        if (json.ValueKind is JsonValueKind.Number && type == typeof(VmRef)) return TryParseText(type, json.GetRawText(), out value, out reason);
        if (json.ValueKind is not JsonValueKind.String) return false;

        var text = json.GetString()!;
        if (type == typeof(TimeSpan)) return Take(Duration.TryParse(text, out var duration), () => duration, out value);
        if (type == typeof(DateTimeOffset))
        {
            return Take(DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time), () => time, out value);
        }

        if (type.IsEnum)
        {
            // A number would be accepted by Enum.TryParse and mean nothing to a reader.
            return Take(!text.AsSpan().ContainsAnyInRange('0', '9') && Enum.TryParse(type, text, ignoreCase: true, out _), () => Enum.Parse(type, text, ignoreCase: true), out value);
        }

        return TryParseText(type, text, out value, out reason);
    }

    private static bool TryReadList(Type item, JsonElement json, out object? value, out string? reason)
    {
        reason = null;
        value = null;
        if (json.ValueKind is not JsonValueKind.Array) return false;
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        foreach (var element in json.EnumerateArray())
        {
            if (!TryRead(item, element, out var read, out reason)) return false;
            list.Add(read);
        }

        value = list;
        return true;
    }

    // References and other values that know how to read themselves say best why they cannot.
    private static bool TryParseText(Type type, string text, out object? value, out string? reason)
    {
        value = null;
        reason = null;
        var parse = type.GetMethod("Parse", BindingFlags.Public | BindingFlags.Static, [typeof(string), typeof(IFormatProvider)])
            ?? throw new InvalidOperationException($"An input has a property of type {type.Name}, which cannot be read from text.");
        try
        {
            value = parse.Invoke(null, [text, CultureInfo.InvariantCulture]);
            return true;
        }
        catch (TargetInvocationException e) when (e.InnerException is FormatException format)
        {
            reason = format.Message;
            return false;
        }
    }

    private static string? OutOfRange(InputProperty property, object value)
    {
        if (property.Range is { } range && !range.IsValid(value)) return $"is out of range: from {Bound(property, range.Minimum)} to {Bound(property, range.Maximum)}";
        if (property.DurationRange is { } duration && value is TimeSpan time && !duration.Holds(time)) return $"is out of range: from {duration.Shortest} to {duration.Longest}";
        if (property.Length is { } length && !length.IsValid(value)) return $"has the wrong length: from {length.MinimumLength} to {length.MaximumLength} characters";
        if (property.Pattern is { } pattern && !pattern.IsValid(value)) return $"does not match {pattern.Pattern}";
        return null;
    }

    // As people write it.
    private static string Bound(InputProperty property, object bound) =>
        property.IsBytes ? ByteSize.Format((long)Convert.ToDouble(bound, CultureInfo.InvariantCulture)).Replace(" ", "", StringComparison.Ordinal) : Convert.ToString(bound, CultureInfo.InvariantCulture)!;

    private static string Expected(InputProperty property) => property.IsBytes ? "a number of bytes, or a size such as \"4GiB\"" : Expected(property.Type);

    private static string Expected(Type type)
    {
        if (type == typeof(string)) return "a text";
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(int) || type == typeof(long)) return "a whole number";
        if (type == typeof(double)) return "a number";
        if (type == typeof(TimeSpan)) return "a duration such as \"30s\" or \"5m\"";
        if (type == typeof(DateTimeOffset)) return "a time such as \"2026-01-31T08:00:00Z\"";
        if (type.IsEnum) return "one of " + string.Join(", ", Enum.GetNames(type).Select(CamelCase));
        if (TryListItem(type, out var item)) return "a list, each " + Expected(item);
        return "a text that names a " + type.Name.Replace("Ref", "", StringComparison.Ordinal).ToLowerInvariant();
    }

    private static bool TryListItem(Type type, out Type item)
    {
        item = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : typeof(void);
        return item != typeof(void);
    }

    private static bool Take(bool fits, Func<object?> read, out object? value)
    {
        value = fits ? read() : null;
        return fits;
    }

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string Shown(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= ShownLength ? text : text[..ShownLength] + "…";
    }
}
