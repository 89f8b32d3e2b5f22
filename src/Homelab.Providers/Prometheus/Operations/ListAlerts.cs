using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Prometheus;

/// <summary>Lists the alerts that Prometheus' rules make right now.</summary>
/// <remarks>Prometheus: <c>GET /api/v1/alerts</c>.</remarks>
[Operation("prometheus_list_alerts", Level.Monitor, Risk.Read)]
[Description("Lists the alerts of Prometheus that fire or are pending, with their labels, value and since when.")]
[Example("Get-HlAlert", "List every alert that fires or is pending.")]
[Example("Get-HlAlert *Memory* -Firing", "List the alerts about memory that fire.")]
public sealed class ListAlerts : Query<ListAlerts.Input, PrometheusAlert>
{
    private readonly PrometheusClient? _client;

    internal ListAlerts(PrometheusClient? client) => _client = client;

    /// <summary>Which alerts.</summary>
    public sealed record Input
    {
        /// <summary>The name.</summary>
        [Subject]
        [Description("The alert's name; * and ? stand for any text and any character. Every alert when not given.")]
        public string? Name { get; init; }

        /// <summary>Those that fire.</summary>
        [Description("Only those that fire, not those that are pending.")]
        public bool Firing { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Name is null ? new Intent("List alerts", Target.Lab) : new Intent("List alert", new Target("alert", input.Name));
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<PrometheusAlert> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var client = _client ?? throw PrometheusErrors.NotConfigured();
        // That an alert of this name does not fire is good news, no mistake.
        foreach (var alert in await client.ListAlertsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (input.Name is not null && !Wildcard.Matches(input.Name, alert.Name)) continue;
            if (!input.Firing || alert.State == PrometheusAlertState.Firing) yield return alert;
        }
    }
}
