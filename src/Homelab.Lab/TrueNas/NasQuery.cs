using System.Text.Json.Nodes;

namespace Homelab.Lab.TrueNas;

/// <summary>Filters and cuts a list as the methods <c>query</c> do: <c>[[field, "=", value]]</c>, and <c>limit</c>, <c>offset</c>, <c>order_by</c> and <c>select</c>.</summary>
/// <remarks>truenas/middleware: <c>utils/filter_list.py</c>.</remarks>
internal static class NasQuery
{
    internal static JsonArray Of(IEnumerable<JsonObject> items, JsonArray? filters, JsonObject? options)
    {
        var wanted = items.Where(i => (filters ?? []).OfType<JsonArray>().All(f => (string?)f[1] == "=" && i[(string)f[0]!]?.ToString() == f[2]?.ToString()));
        if (options?["order_by"] is JsonArray { Count: > 0 } order) wanted = wanted.OrderBy(i => i[(string)order[0]!]?.ToString(), StringComparer.Ordinal);
        wanted = wanted.Skip((int?)options?["offset"] ?? 0);
        if ((int?)options?["limit"] is > 0 and var limit) wanted = wanted.Take(limit);
        if (options?["select"] is JsonArray select) wanted = wanted.Select(i => Select(i, select));
        return new JsonArray([.. wanted.Select(static i => i.DeepClone())]);
    }

    private static JsonObject Select(JsonObject item, JsonArray select)
    {
        var chosen = new JsonObject();
        foreach (var name in select.Select(static s => (string)s!).Where(item.ContainsKey)) chosen[name] = item[name]?.DeepClone();
        return chosen;
    }
}
