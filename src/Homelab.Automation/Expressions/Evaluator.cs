using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.Automation.Expressions;

/// <summary>Finds the value of a parsed expression. A name that does not exist is an error, never silently false: unknown is failure.</summary>
internal sealed partial class Evaluator(string expression, JsonObject scope)
{
    internal JsonNode? Value(Node node) => node switch
    {
        Node.Literal literal => literal.Value,
        Node.Root root => scope.TryGetPropertyValue(root.Name, out var value)
            ? value
            : throw Wrong(root.Position, $"there is no '{root.Name}' here. {NearestName.Hint(root.Name, [.. scope.Select(p => p.Key)])}"),
        Node.Member member => Member(member),
        Node.Element element => Element(element),
        Node.Listing listing => new JsonArray([.. listing.Items.Select(i => Value(i)?.DeepClone())]),
        Node.Not not => JsonValue.Create(!Truth(not.Of)),
        Node.Binary binary => Binary(binary),
        Node.Call call => Call(call),
        _ => throw Wrong(node.Position, "it has no value"),
    };

    internal bool Truth(Node node)
    {
        var value = Value(node);
        return value?.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong(node.Position, $"true or false was expected, not {Kind(value)}"),
        };
    }

    private JsonNode? Member(Node.Member member)
    {
        var of = Value(member.Of);
        if (of is not JsonObject record) throw Wrong(member.Position, $"{Kind(of)} has no '{member.Name}'");
        return record.TryGetPropertyValue(member.Name, out var value)
            ? value
            : throw Wrong(member.Position, $"there is no '{member.Name}' here. {NearestName.Hint(member.Name, [.. record.Select(p => p.Key)])}");
    }

    private JsonNode? Element(Node.Element element)
    {
        var of = Value(element.Of);
        var index = Value(element.Index);
        if (of is JsonArray list && Number(index) is { } number)
        {
            return number >= 0 && number < list.Count && number == Math.Floor(number)
                ? list[(int)number]
                : throw Wrong(element.Position, $"the list has {list.Count} items and none at {number.ToString(CultureInfo.InvariantCulture)}");
        }

        if (of is JsonObject record && Text(index) is { } name)
        {
            return record.TryGetPropertyValue(name, out var value) ? value : throw Wrong(element.Position, $"there is no '{name}' here");
        }

        throw Wrong(element.Position, $"{Kind(of)} has no element {Kind(index)}");
    }

    private JsonValue Binary(Node.Binary binary) => JsonValue.Create(binary.Operator switch
    {
        "or" => Truth(binary.Left) || Truth(binary.Right),
        "and" => Truth(binary.Left) && Truth(binary.Right),
        "==" => Same(Value(binary.Left), Value(binary.Right)),
        "!=" => !Same(Value(binary.Left), Value(binary.Right)),
        "in" => In(binary),
        _ => Ordered(binary),
    });

    private bool In(Node.Binary binary)
    {
        var item = Value(binary.Left);
        return Value(binary.Right) is JsonArray list
            ? list.Any(member => Same(member, item))
            : throw Wrong(binary.Position, "a list was expected after 'in'");
    }

    private bool Ordered(Node.Binary binary)
    {
        var left = Value(binary.Left);
        var right = Value(binary.Right);
        int order;
        if (Number(left) is { } a && Number(right) is { } b) order = a.CompareTo(b);
        else if (Text(left) is { } s && Text(right) is { } t && Duration.TryParse(s, out var d) && Duration.TryParse(t, out var e)) order = d.CompareTo(e);
        else if (Moment(left) is { } from && Moment(right) is { } to) order = from.CompareTo(to);
        else throw Wrong(binary.Position, $"{Kind(left)} and {Kind(right)} cannot be put in order; give two numbers, two durations or two times");
        return binary.Operator switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    private JsonNode? Call(Node.Call call)
    {
        switch (call.Function)
        {
            case "exists":
                return JsonValue.Create(Known(call.Arguments[0]) is not null);
            case "default":
                return Known(call.Arguments[0]) ?? Value(call.Arguments[1]);
            case "len":
                return Value(call.Arguments[0]) switch
                {
                    JsonArray list => JsonValue.Create(list.Count),
                    var other => JsonValue.Create(TextOf(other, call.Arguments[0]).Length),
                };
            case "first":
                return Value(call.Arguments[0]) is JsonArray { Count: > 0 } items ? items[0] : throw Wrong(call.Position, "first needs a list that is not empty");
            case "contains" when Value(call.Arguments[0]) is JsonArray list:
                var sought = Value(call.Arguments[1]);
                return JsonValue.Create(list.Any(member => Same(member, sought)));
            case "max" or "filter" or "lines":
                return ListCall(call);
            case "times":
                return JsonValue.Create(Product(call));
            case "bytes":
                return JsonValue.Create(ByteSize.Format((long)Math.Clamp(Operand(call, 0), long.MinValue, long.MaxValue)));
            case "daysUntil":
                return JsonValue.Create(DaysUntil(call));
            case "has":
                return JsonValue.Create(Has(call));
            default:
                return TextCall(call);
        }
    }

    private JsonValue TextCall(Node.Call call)
    {
        var text = TextOf(Value(call.Arguments[0]), call.Arguments[0]);
        if (call.Function == "lower") return JsonValue.Create(text.ToLowerInvariant());
        if (call.Function == "upper") return JsonValue.Create(text.ToUpperInvariant());
        var other = TextOf(Value(call.Arguments[1]), call.Arguments[1]);
        return JsonValue.Create(call.Function switch
        {
            "contains" => text.Contains(other, StringComparison.OrdinalIgnoreCase),
            "startsWith" => text.StartsWith(other, StringComparison.OrdinalIgnoreCase),
            "endsWith" => text.EndsWith(other, StringComparison.OrdinalIgnoreCase),
            _ => Wildcard.Matches(other, text),
        });
    }

    // The value of a path that may end in nothing; every other mistake is still one.
    private JsonNode? Known(Node node)
    {
        switch (node)
        {
            case Node.Root root:
                return scope.TryGetPropertyValue(root.Name, out var value) ? value : null;
            case Node.Member member:
                return Known(member.Of) is JsonObject record && record.TryGetPropertyValue(member.Name, out var inner) ? inner : null;
            case Node.Element element when Known(element.Of) is JsonArray list && Number(Value(element.Index)) is { } index:
                return index >= 0 && index < list.Count ? list[(int)index] : null;
            case Node.Element element:
                return Known(element.Of) is JsonObject map && Text(Value(element.Index)) is { } name && map.TryGetPropertyValue(name, out var found) ? found : null;
            case Node.Call call when call.Arguments.Any(IsMissing):
                return null;
            case Node.Call { Function: "first" or "max" } call when Value(call.Arguments[0]) is JsonArray { Count: 0 }:
                return null;
            default:
                return Value(node);
        }
    }

    private bool IsMissing(Node node) => node is Node.Root or Node.Member or Node.Element or Node.Call && Known(node) is null;

    private static bool Same(JsonNode? a, JsonNode? b)
    {
        if (a is null || b is null) return a is null && b is null;
        if (Number(a) is { } x && Number(b) is { } y) return x.Equals(y);
        return JsonNode.DeepEquals(a, b);
    }

    private static double? Number(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<double>(out var number) ? number
        : node is JsonValue other && other.GetValueKind() == JsonValueKind.Number ? double.Parse(other.ToJsonString(), CultureInfo.InvariantCulture)
        : null;

    private static string? Text(JsonNode? node) => node is not null && node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private string TextOf(JsonNode? value, Node node) => Text(value) ?? throw Wrong(node.Position, $"a text was expected, not {Kind(value)}");

    private static string Kind(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "null",
        JsonValueKind.Object => "a record",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };

    private ExpressionException Wrong(int position, string reason) => new(expression, position, reason);
}
