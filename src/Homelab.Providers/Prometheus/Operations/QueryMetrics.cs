using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Prometheus;

/// <summary>Asks Prometheus for the value of an expression, now or over a time.</summary>
/// <remarks>Prometheus: <c>GET /api/v1/query</c> and <c>/api/v1/query_range</c>. The CLI's <c>promtool query instant</c> and <c>range</c>.</remarks>
[Operation("prometheus_query", Level.Monitor, Risk.Read)]
[Description("Asks Prometheus for the value of an expression in PromQL: one reading for each series, with all its points where a time is given.")]
[Example("Get-HlMetric 'up == 0'", "List what Prometheus cannot scrape right now.")]
[Example("Get-HlMetric node_load1 -Last 1h -Step 5m", "Show the load of the last hour, every five minutes.")]
public sealed class QueryMetrics : Query<QueryMetrics.Input, MetricReading>
{
    // Prometheus answers at most 11000 points of a series; a screen shows no more than this.
    private const int UsualPoints = 60;

    private readonly PrometheusClient? _client;
    private readonly TimeProvider _time;

    internal QueryMetrics(PrometheusClient? client, TimeProvider time)
    {
        _client = client;
        _time = time;
    }

    /// <summary>What to ask.</summary>
    public sealed record Input
    {
        /// <summary>The expression.</summary>
        [Subject]
        [Description("The expression in PromQL: up, or rate(node_network_receive_bytes_total[5m]).")]
        public required string Query { get; init; }

        /// <summary>The moment.</summary>
        [Description("The moment asked for, or with 'last' the end of that time. Now when not given.")]
        public DateTimeOffset? At { get; init; }

        /// <summary>The time over which.</summary>
        [DurationRange("1s", "366d")]
        [Description("Ask for all points of this time, such as 1h. One value alone when not given.")]
        public TimeSpan? Last { get; init; }

        /// <summary>How far apart the points are.</summary>
        [DurationRange("1s", "366d")]
        [Description("How far apart the points of 'last' are. A sixtieth of it when not given.")]
        public TimeSpan? Step { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Intent("Query metrics", new Target("metric", ForeignText.Clean(input.Query, 200)));
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<MetricReading> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var client = _client ?? throw PrometheusErrors.NotConfigured();
        if (input.Step is not null && input.Last is null) throw new InputException([new InputProblem("step", null, "has no time to divide", "Give last as well.")]);
        var at = input.At ?? _time.GetUtcNow();
        var readings = input.Last is { } last
            ? await client.QueryRangeAsync(input.Query, at - last, at, input.Step ?? TimeSpan.FromSeconds(Math.Max(1, Math.Round(last.TotalSeconds / UsualPoints))), cancellationToken).ConfigureAwait(false)
            : await client.QueryAsync(input.Query, at, cancellationToken).ConfigureAwait(false);
        foreach (var reading in readings) yield return reading;
    }
}
