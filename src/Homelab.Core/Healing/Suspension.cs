namespace Homelab;

/// <summary>The big red switch, pulled: nothing that an alert or the clock sets off interrupts anything. Alerts are still taken in, and incidents wait.</summary>
/// <param name="By">Who pulled it.</param>
/// <param name="Reason">Why, for whoever finds it pulled.</param>
/// <param name="At">When.</param>
/// <param name="Until">When it ends by itself; null when somebody must end it.</param>
public sealed record Suspension(string By, string Reason, DateTimeOffset At, DateTimeOffset? Until)
{
    /// <summary>True while it holds.</summary>
    public bool Holds(DateTimeOffset now) => Until is not { } end || now < end;

    /// <inheritdoc/>
    public override string ToString() =>
        $"healing is suspended by {By} since {At:u}{(Until is { } end ? $", until {end:u}" : "")}{(Reason.Length > 0 ? $": {Reason}" : "")}";
}

/// <summary>Keeps the big red switch. It is on disk: a restart does not turn healing on again.</summary>
public interface IHealingSwitch
{
    /// <summary>The suspension that was set last and not ended, whether or not its time is over; null when there is none.</summary>
    Task<Suspension?> FindSuspensionAsync(CancellationToken cancellationToken);

    /// <summary>Suspends healing, in place of a suspension that holds already. Null ends it.</summary>
    Task SetSuspensionAsync(Suspension? suspension, CancellationToken cancellationToken);
}
