using System.Text.Json.Nodes;
using Homelab.Automation.Expressions;
using Homelab.Benchmarks.Measuring;
using Homelab.Benchmarks.Peers;
using Homelab.Providers.UptimeKuma;

namespace Homelab.Benchmarks;

/// <summary>Reading an alert, and evaluating an expression.</summary>
internal sealed class ParsingBenchmark : IBenchmark
{
    public string Name => "parsing";

    public string Note => "on one thread, best of 5 rounds: the recorded Kuma body (2 kB) through KumaAlertSource.Read; an expression parsed and evaluated anew each time, as a step does.";

    public Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var source = new KumaAlertSource();
        var delivery = new AlertDelivery("POST", "application/json", "", KumaAlert.Body("web", 1), DateTimeOffset.UtcNow);
        var scope = (JsonObject)JsonNode.Parse("""{ "service": { "name": "gitea", "tier": "critical" }, "steps": { "look": { "state": "exited", "exitCode": 137 } } }""")!;
        var (alert, alertBytes) = Loop.Measure(30_000, () => source.Read(delivery));
        var (expression, expressionBytes) = Loop.Measure(200_000, () => Expression.Parse("service.tier == 'critical' and steps.look.exitCode != 0").Holds(scope));
        return Task.FromResult<IReadOnlyList<Figure>>(
        [
            Figure.Plain("reading a Kuma alert", alert, "ns"),
            Figure.Plain("reading a Kuma alert, allocated", alertBytes, "B"),
            Figure.Plain("parsing and evaluating an expression", expression, "ns"),
            Figure.Plain("parsing and evaluating an expression, allocated", expressionBytes, "B"),
        ]);
    }
}
