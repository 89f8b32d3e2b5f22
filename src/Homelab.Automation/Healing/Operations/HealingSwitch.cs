namespace Homelab.Automation.Healing;

/// <summary>The big red switch as its operations use it.</summary>
/// <param name="Lab">The lab's name.</param>
/// <param name="Brake">Where it is kept.</param>
/// <param name="Store">Knows what waits.</param>
public sealed record HealingSwitch(string Lab, IHealingSwitch Brake, IHealingStore Store)
{
    internal static Target Target { get; } = new("healing", "healing");

    /// <summary>How it stands, read from the store.</summary>
    internal async Task<HealingState> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var suspension = await Brake.FindSuspensionAsync(cancellationToken).ConfigureAwait(false) is { } found && found.Holds(now) ? found : null;
        var open = await Store.ListOpenIncidentsAsync(cancellationToken).ConfigureAwait(false);
        return new HealingState
        {
            Lab = Lab,
            IsSuspended = suspension is not null,
            By = suspension?.By ?? "",
            Reason = suspension?.Reason ?? "",
            Since = suspension?.At,
            Until = suspension?.Until,
            OpenIncidents = open.Count,
        };
    }
}
