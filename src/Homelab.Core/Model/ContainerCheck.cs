namespace Homelab;

/// <summary>Whether a container does its work, as far as its engine can tell.</summary>
public sealed record ContainerCheck : IVerdict
{
    /// <summary>What was seen.</summary>
    public required ContainerDetail Container { get; init; }

    /// <summary>True when it runs and is healthy, or runs and has no health check. Nothing else counts.</summary>
    public required bool IsUp { get; init; }

    /// <summary>Why, one line for people: <c>running and healthy</c>, <c>exited with code 137 (out of memory)</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>True when its last run ended for want of memory.</summary>
    public bool OomKilled => Container.OomKilled;

    /// <summary>Exit code of its last run; null while it runs, and when it never did.</summary>
    public int? ExitCode => Container.State is ContainerState.Exited or ContainerState.Dead or ContainerState.Restarting ? Container.ExitCode : null;

    /// <summary>How often its restart policy has restarted it. Restarts on request do not count.</summary>
    public int RestartCount => Container.RestartCount;

    bool IVerdict.IsGood => IsUp;

    /// <summary>Judges a container.</summary>
    public static ContainerCheck Of(ContainerDetail container)
    {
        ArgumentNullException.ThrowIfNull(container);
        var (isUp, reason) = (container.State, container.Health) switch
        {
            (ContainerState.Running, ContainerHealth.Healthy) => (true, "running and healthy"),
            (ContainerState.Running, ContainerHealth.None) => (true, "running; it has no health check"),
            (ContainerState.Running, ContainerHealth.Starting) => (false, "running, but its health check has not passed yet"),
            (ContainerState.Running, ContainerHealth.Unhealthy) => (false, "running, but unhealthy" + Because(container.HealthOutput)),
            (ContainerState.Running, _) => (false, "running, but its health is not known"),
            (ContainerState.Exited or ContainerState.Dead, _) => (false, $"exited with code {container.ExitCode}" + (container.OomKilled ? " (out of memory)" : "") + Because(container.Error)),
            (ContainerState.Restarting, _) => (false, $"restarting again and again; it exited with code {container.ExitCode}" + (container.OomKilled ? " (out of memory)" : "")),
            (ContainerState.Created, _) => (false, "created, never started" + Because(container.Error)),
            (ContainerState.Paused, _) => (false, "paused"),
            (ContainerState.Removing, _) => (false, "being removed"),
            _ => (false, "in a state that is not known"),
        };
        return new ContainerCheck { Container = container, IsUp = isUp, Reason = reason };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Container}: {Reason}";

    private static string Because(string text) => text.Length == 0 ? "" : ": " + text;
}
