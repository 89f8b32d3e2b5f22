using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.UptimeKuma;

/// <summary>Lists the monitors of Uptime Kuma with their state of right now.</summary>
/// <remarks>Uptime Kuma: <c>GET /metrics</c>, which is not cached. Paused monitors, and those never checked since its start, are not in it.</remarks>
[Operation("kuma_list_monitors", Level.Monitor, Risk.Read)]
[Description("Lists the monitors of Uptime Kuma with their state, response time and days until their certificate expires.")]
[Example("Get-HlMonitor", "List every monitor.")]
[Example("Get-HlMonitor git*", "List the monitors whose name begins with git.")]
public sealed class ListMonitors : Query<ListMonitors.Input, MonitorReading>
{
    private readonly SharedReading? _monitors;

    internal ListMonitors(SharedReading? monitors) => _monitors = monitors;

    /// <summary>What to list.</summary>
    public sealed record Input
    {
        /// <summary>The monitor's name.</summary>
        [Subject]
        [NameOf("monitor")]
        [Description("The monitor's name; * and ? stand for any text and any character. Every monitor when not given.")]
        public string? Name { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Name is null ? new Intent("List monitors", Target.Lab) : new Intent("List monitor", new Target("monitor", input.Name));
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<MonitorReading> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_monitors is null)
        {
            throw new HomelabException(ErrorKind.NotFound, "KumaNotConfigured", "The lab file names no Uptime Kuma. Give providers: kuma: url and apiKey.", KumaNames.Provider);
        }

        var all = await _monitors.ReadAsync(cancellationToken).ConfigureAwait(false);
        var found = false;
        foreach (var monitor in all)
        {
            if (input.Name is not null && !Wildcard.Matches(input.Name, monitor.Name)) continue;
            found = true;
            yield return monitor;
        }

        if (!found && input.Name is not null && !Wildcard.IsPattern(input.Name))
        {
            throw new HomelabException(
                ErrorKind.NotFound,
                "MonitorNotFound",
                $"Uptime Kuma has no running monitor '{input.Name}'. {NearestName.Hint(input.Name, [.. all.Select(static m => m.Name)])} A paused monitor is not listed.",
                input.Name);
        }
    }
}
