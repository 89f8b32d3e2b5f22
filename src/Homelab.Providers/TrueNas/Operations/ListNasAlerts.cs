using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.TrueNas;

/// <summary>Lists what the storage server wants to be known.</summary>
/// <remarks>TrueNAS: <c>alert.list</c>; by REST <c>GET /alert/list</c>.</remarks>
[Operation("truenas_alerts", Level.Monitor, Risk.Read)]
[Description("Lists the alerts of TrueNAS, the worst first: how bad, of what kind, since when, and whether somebody has put it aside.")]
[Example("Get-HlNasAlert", "List every alert that nobody has put aside.")]
[Example("Get-HlNasAlert -Minimum Error", "Show only what is wrong.")]
public sealed class ListNasAlerts : Query<ListNasAlerts.Input, NasAlert>
{
    private readonly TrueNasClient? _client;

    internal ListNasAlerts(TrueNasClient? client) => _client = client;

    /// <summary>Which alerts.</summary>
    public sealed record Input
    {
        /// <summary>How bad at least.</summary>
        [Description("Only those that are at least so bad. What is of a level that is not known is always listed.")]
        public NasAlertLevel Minimum { get; init; } = NasAlertLevel.Info;

        /// <summary>Those put aside, too.</summary>
        [Description("List those that somebody has put aside, too.")]
        public bool Dismissed { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<NasAlert> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var alert in await TrueNasErrors.Need(_client).ListAlertsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (alert.Dismissed && !input.Dismissed) continue;
            if (alert.Level == NasAlertLevel.Unknown || alert.Level >= input.Minimum) yield return alert;
        }
    }
}
