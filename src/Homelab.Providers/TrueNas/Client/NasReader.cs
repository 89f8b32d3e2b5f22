using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Homelab.Providers.TrueNas;

/// <summary>Reads <c>system.info</c>, <c>pool.query</c> and <c>alert.list</c>.</summary>
/// <remarks>truenas/middleware: <c>plugins/system/info.py</c>, <c>api/v25_10_0/pool.py</c>, <c>api/v25_10_0/alert.py</c>.</remarks>
internal static class NasReader
{
    private const int LongestText = 1_000;

    internal static NasStatus Status(JsonElement info, JsonElement pools, NasProtocol protocol)
    {
        var version = NasJson.Text(info, "version", 80);
        if (version.Length == 0) throw new FormatException("its state without a version");
        return new NasStatus
        {
            Name = NasJson.Text(info, "hostname", 120),
            Version = version,
            Pools = [.. Items(pools, "pools").Select(Pool).OrderBy(static p => p.Name, StringComparer.Ordinal)],
            Uptime = NasJson.Number(info, "uptime_seconds") is > 0 and < 10_000_000_000 and var seconds ? TimeSpan.FromSeconds(seconds) : null,
            Memory = NasJson.Number(info, "physmem"),
            Cores = NasJson.Number(info, "cores") is > 0 and < 100_000 and var cores ? (int)cores : null,
            Product = NasJson.Text(info, "system_product", 120),
            Protocol = protocol,
            Warning = protocol == NasProtocol.Rest
                ? "TrueNAS has no websocket at /api/current and was asked by REST 2.0, which is deprecated since 25.04 and gone in 26. Update it to 25.04 or newer."
                : null,
        };
    }

    internal static IReadOnlyList<NasAlert> Alerts(JsonElement alerts) => [.. Items(alerts, "alerts").Select(Alert).OrderByDescending(static a => a.Level).ThenByDescending(static a => a.LastAt ?? a.At)];

    internal static IEnumerable<JsonElement> Items(JsonElement list, string what) => list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : throw new FormatException($"something else than a list of {what}");

    private static NasPool Pool(JsonElement pool)
    {
        var name = NasJson.Text(pool, "name", 120);
        if (name.Length == 0) throw new FormatException("a pool without a name");
        var state = NasJson.Text(pool, "status", 40);
        return new NasPool
        {
            Name = name,
            State = Enum.TryParse<NasPoolState>(state, ignoreCase: true, out var known) && Enum.IsDefined(known) && !char.IsAsciiDigit(state[0]) ? known : NasPoolState.Unknown,
            // What it does not say is not healthy.
            Healthy = NasJson.Flag(pool, "healthy") && string.Equals(state, "ONLINE", StringComparison.OrdinalIgnoreCase),
            Detail = NasJson.Text(pool, "status_detail", LongestText),
            Size = NasJson.Number(pool, "size"),
            Used = NasJson.Number(pool, "allocated"),
            Free = NasJson.Number(pool, "free"),
            Scan = pool.TryGetProperty("scan", out var scan) ? Scan(scan) : "",
        };
    }

    private static string Scan(JsonElement scan)
    {
        var function = NasJson.Text(scan, "function", 40);
        if (function.Length == 0) return "";
        var state = NasJson.Text(scan, "state", 40);
        var percent = state == "SCANNING" && scan.TryGetProperty("percentage", out var part) && part.TryGetDouble(out var done) ? string.Create(CultureInfo.InvariantCulture, $" {done:0.#}%") : "";
        var errors = NasJson.Number(scan, "errors") is { } count ? string.Create(CultureInfo.InvariantCulture, $", {count} errors") : "";
        return $"{function} {state}{percent}{errors}";
    }

    private static NasAlert Alert(JsonElement alert)
    {
        if (alert.ValueKind != JsonValueKind.Object) throw new FormatException("an alert that is none");
        var level = NasJson.Text(alert, "level", 40);
        var formatted = NasJson.Text(alert, "formatted", 20_000);
        return new NasAlert
        {
            Id = NasJson.Text(alert, "uuid", 80) is { Length: > 0 } id ? id : NasJson.Text(alert, "id", 80),
            Level = Enum.TryParse<NasAlertLevel>(level, ignoreCase: true, out var known) && Enum.IsDefined(known) && !char.IsAsciiDigit(level[0]) ? known : NasAlertLevel.Unknown,
            Class = NasJson.Text(alert, "klass", 120),
            Text = Plain(formatted.Length > 0 ? formatted : NasJson.Text(alert, "text", 20_000)),
            Node = NasJson.Text(alert, "node", 120),
            At = NasJson.Moment(alert, "datetime"),
            LastAt = NasJson.Moment(alert, "last_occurrence"),
            Dismissed = NasJson.Flag(alert, "dismissed"),
        };
    }

    // It writes for its own web page: <br>, lists and links.
    private static string Plain(string html)
    {
        var text = new System.Text.StringBuilder(html.Length);
        var depth = 0;
        for (var at = 0; at < html.Length; at++)
        {
            if (html[at] == '<' && at + 1 < html.Length && (char.IsAsciiLetter(html[at + 1]) || html[at + 1] is '/' or '!')) depth = 1;
            if (depth == 0) text.Append(html[at]);
            else if (html[at] == '>')
            {
                depth = 0;
                text.Append(' ');
            }
        }

        var plain = ForeignText.Clean(WebUtility.HtmlDecode(text.ToString()), 20_000);
        return ForeignText.Clean(string.Join(' ', plain.Split(' ', StringSplitOptions.RemoveEmptyEntries)), LongestText);
    }
}
