using System.Globalization;
using System.Text.Json.Nodes;

namespace Homelab.Automation.Expressions;

/// <content>Functions over lists of records, over time, and over what the lab has.</content>
internal sealed partial class Evaluator
{
    private const int LongestLine = 200;

    // Whole numbers up to here are exact.
    private const double MostExact = 9e15;

    private JsonNode? ListCall(Node.Call call)
    {
        var list = Value(call.Arguments[0]) as JsonArray ?? throw Wrong(call.Position, $"{call.Function} needs a list");
        var field = TextOf(Value(call.Arguments[1]), call.Arguments[1]);
        return call.Function switch
        {
            "max" => Greatest(call, list, field),
            "filter" => Filtered(call, list, field),
            _ => Lines(call, list, field),
        };
    }

    private JsonObject Greatest(Node.Call call, JsonArray list, string field)
    {
        if (list.Count == 0) throw Wrong(call.Position, "max needs a list that is not empty");
        // What is not known of an item makes it neither the greatest nor an error; that nothing is known of any is one.
        return list.Select(item => (Item: Record(call, item), Number: Number(Field(call, item, field))))
            .Where(static i => i.Number is not null)
            .OrderByDescending(static i => i.Number)
            .Select(static i => i.Item)
            .FirstOrDefault() ?? throw Wrong(call.Position, $"no item has a number as its '{field}'");
    }

    private JsonArray Filtered(Node.Call call, JsonArray list, string field)
    {
        var sought = Value(call.Arguments[2]);
        return [.. list.Where(item => Fits(Field(call, item, field), sought)).Select(static item => item?.DeepClone())];
    }

    private JsonValue Lines(Node.Call call, JsonArray list, string field)
    {
        if (Number(Value(call.Arguments[2])) is not { } most || most < 0) throw Wrong(call.Arguments[2].Position, "a number of lines was expected");
        var texts = list.Select(item => Field(call, item, field)).TakeLast((int)Math.Min(most, int.MaxValue));
        return JsonValue.Create(string.Join('\n', texts.Select(static t => ForeignText.Clean(Text(t) ?? t?.ToJsonString() ?? "", LongestLine))));
    }

    // A whole number, up to the next multiple: sizes are counted in steps.
    private decimal Product(Node.Call call)
    {
        var (value, factor, step) = (Operand(call, 0), Operand(call, 1), Operand(call, 2));
        if (step <= 0) throw Wrong(call.Arguments[2].Position, "a step greater than 0 was expected");
        var steps = Math.Ceiling(value * factor / step);
        return Math.Abs(steps * step) < MostExact ? (decimal)(steps * step) : throw Wrong(call.Position, "the product is too large");
    }

    private double Operand(Node.Call call, int index) =>
        Number(Value(call.Arguments[index])) ?? throw Wrong(call.Arguments[index].Position, "a number was expected");

    private double DaysUntil(Node.Call call)
    {
        var moment = Moment(Value(call.Arguments[0])) ?? throw Wrong(call.Arguments[0].Position, "a time was expected, such as 2026-01-31T12:00:00Z");
        var now = Moment(scope["now"]) ?? throw Wrong(call.Position, "there is no clock here");
        return Math.Floor((moment - now).TotalDays);
    }

    // What runs without a lab, such as a check of the text alone, has no list, and nothing in it.
    private bool Has(Node.Call call)
    {
        var operation = TextOf(Value(call.Arguments[0]), call.Arguments[0]);
        return scope[RunbookWords.Operations] is JsonArray operations && operations.Any(o => Text(o) == operation);
    }

    private JsonObject Record(Node.Call call, JsonNode? item) => item as JsonObject ?? throw Wrong(call.Position, $"{call.Function} needs a list of records, not of {Kind(item)}");

    private JsonNode? Field(Node.Call call, JsonNode? item, string field) =>
        Record(call, item).TryGetPropertyValue(field, out var value) ? value : throw Wrong(call.Position, $"an item has no '{field}'");

    private static bool Fits(JsonNode? value, JsonNode? sought) =>
        value is JsonArray list ? list.Any(one => Fits(one, sought))
        : Text(value) is { } text && Text(sought) is { } pattern ? Wildcard.Matches(pattern, text)
        : Same(value, sought);

    private static DateTimeOffset? Moment(JsonNode? node) =>
        // Only what begins with a date: a bare number would be read as one of this month's days.
        Text(node) is { Length: >= 10 } text && text[4] == '-' && text[7] == '-'
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;
}
