using System.Globalization;
using System.Reflection;
using System.Text;
using Homelab.Automation.Healing;
using Homelab.Composition;
using Homelab.Host.Logging;

namespace Homelab.Host.Web;

/// <summary><c>/health</c> for people and supervisors, <c>/metrics</c> for Prometheus.</summary>
internal static class StatusEndpoints
{
    private static readonly string s_version = typeof(StatusEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    internal static void Map(IEndpointRouteBuilder routes, HomelabRuntime runtime, HealingCounters counters)
    {
        string[] looks = [HttpMethods.Get, HttpMethods.Head];
        routes.MapMethods("/health", looks, (RequestDelegate)(http => HealthAsync(http, runtime)));
        routes.MapMethods("/metrics", looks, (RequestDelegate)(http => MetricsAsync(http, runtime, counters)));
    }

    // 503 as soon as one part does not do its work: whoever looks at the code alone must not be told that all is well.
    private static async Task HealthAsync(HttpContext http, HomelabRuntime runtime)
    {
        try
        {
            // The truth about the store is an answer from the store.
            var open = await runtime.Store.ListOpenIncidentsAsync(http.RequestAborted);
            var suspension = await runtime.Store.FindSuspensionAsync(http.RequestAborted);
            var parts = runtime.Healing.Health;
            var isWell = parts.All(static p => p.IsWell);
            http.Response.StatusCode = isWell ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            var answer = new
            {
                status = isWell ? "ok" : "unwell",
                version = s_version,
                lab = runtime.File.Lab.Name,
                // The most that any AI client may do here. Which one, and what a key gives, is not for everybody.
                level = HomelabNames.Of(HighestOfMcp(runtime.Gate.Decider.Access)),
                openIncidents = open.Count,
                suspended = suspension is not null && suspension.Holds(runtime.Time.GetUtcNow()) ? runtime.Redactor.Redact(suspension.ToString()) : null,
                parts = parts.Select(p => p with { Detail = runtime.Redactor.Redact(p.Detail) }),
            };
            await http.Response.WriteAsJsonAsync(answer, HomelabJson.Options, http.RequestAborted);
        }
        catch (HomelabException e)
        {
            await Problem.WriteAsync(http, e, runtime.Redactor);
        }
    }

    private static Level HighestOfMcp(AccessPolicy access) =>
        access.Identities.Where(static i => i.Key.StartsWith($"{FaceNames.Of(Face.Mcp)}:", StringComparison.Ordinal)).Select(static i => i.Value).Append(access.Of(Face.Mcp)).Max();

    private static async Task MetricsAsync(HttpContext http, HomelabRuntime runtime, HealingCounters counters)
    {
        var text = new StringBuilder();
        Write(text, "homelab_deliveries_total", "counter", "Alert deliveries that were accepted.", counters.Deliveries);
        Write(text, "homelab_deliveries_refused_total", "counter", "Alert deliveries that were refused.", counters.Refused);
        Write(text, "homelab_alerts_duplicate_total", "counter", "Alerts that were known already.", counters.Duplicates);
        Write(text, "homelab_incidents_active", "gauge", "Incidents that are being worked on.", runtime.Healing.Active);
        text.Append("# HELP homelab_part_well Whether a part of the program does its work.\n# TYPE homelab_part_well gauge\n");
        foreach (var part in runtime.Healing.Health) text.Append(CultureInfo.InvariantCulture, $"homelab_part_well{{part=\"{part.Part}\"}} {(part.IsWell ? 1 : 0)}\n");
        text.Append("# HELP homelab_healing_events_total What happened while healing.\n# TYPE homelab_healing_events_total counter\n");
        foreach (var kind in Enum.GetValues<HealingEventKind>())
        {
            text.Append(CultureInfo.InvariantCulture, $"homelab_healing_events_total{{kind=\"{HomelabNames.Of(kind)}\"}} {counters.Of(kind)}\n");
        }

        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
    }

    private static void Write(StringBuilder text, string name, string type, string help, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n{name} {value}\n");
}
