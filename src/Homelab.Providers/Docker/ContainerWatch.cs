namespace Homelab.Providers.Docker;

/// <summary>Looks at a container after a change until it is seen to be what was wanted, or time is over.</summary>
internal sealed class ContainerWatch(DockerClient client, ContainerRef container, OperationContext context)
{
    // A container without a health check runs a few milliseconds after the engine has answered; a healthy one takes seconds.
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);
    private const double Growth = 1.6;

    /// <summary>Waits until it runs, and is healthy where it has a health check.</summary>
    /// <param name="id">The full id.</param>
    /// <param name="previousStart">The start that does not count; null when any does.</param>
    /// <param name="timeout">How long to look.</param>
    /// <param name="activity">What is being done, for progress.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="HomelabException"><c>ContainerNotRunning</c>, <c>ContainerNotHealthy</c>, <c>ContainerNotStarted</c> (Failed).</exception>
    internal async Task<ContainerDetail> UntilUpAsync(string id, DateTimeOffset? previousStart, TimeSpan timeout, string activity, CancellationToken cancellationToken)
    {
        var began = context.Time.GetTimestamp();
        var pause = s_firstPause;
        while (true)
        {
            var seen = await client.Containers.InspectAsync(id, cancellationToken).ConfigureAwait(false);
            var started = previousStart is null || seen.StartedAt != previousStart;
            if (started && ContainerCheck.Of(seen).IsUp) return seen;
            // What has exited stays so: a restart policy would show as restarting.
            if (started && seen.State is ContainerState.Exited or ContainerState.Dead) throw NotRunning(seen);

            var left = timeout - context.Time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero) throw !started ? NotStarted(seen) : seen.State is ContainerState.Running ? NotHealthy(seen, timeout) : NotRunning(seen);
            context.Report(activity, seen.State is ContainerState.Running ? "waiting until it is healthy" : "waiting until it runs", Math.Clamp(1 - (left / timeout), 0, 1));
            await Task.Delay(pause < left ? pause : left, context.Time, cancellationToken).ConfigureAwait(false);
            pause = pause * Growth < s_longestPause ? pause * Growth : s_longestPause;
        }
    }

    /// <summary>Looks for a while whether what is up stays so, in the same run: what dies of its settings does so in the first moments.</summary>
    /// <exception cref="HomelabException"><c>ContainerNotRunning</c>, <c>ContainerNotHealthy</c> (Failed).</exception>
    internal async Task<ContainerDetail> StaysUpAsync(ContainerDetail up, TimeSpan settle, string activity, CancellationToken cancellationToken)
    {
        if (settle <= TimeSpan.Zero) return up;
        var began = context.Time.GetTimestamp();
        while (true)
        {
            var left = settle - context.Time.GetElapsedTime(began);
            if (left > TimeSpan.Zero)
            {
                context.Report(activity, "watching whether it stays up", Math.Clamp(1 - (left / settle), 0, 1));
                await Task.Delay(left < s_longestPause ? left : s_longestPause, context.Time, cancellationToken).ConfigureAwait(false);
            }

            // Only a look that begins when the time is over proves that it was up until then.
            var isLast = context.Time.GetElapsedTime(began) >= settle;
            var seen = await client.Containers.InspectAsync(up.Id, cancellationToken).ConfigureAwait(false);
            if (seen.State is ContainerState.Running && seen.StartedAt == up.StartedAt && !ContainerCheck.Of(seen).IsUp) throw NotHealthy(seen, settle);
            if (seen.StartedAt != up.StartedAt || !ContainerCheck.Of(seen).IsUp) throw NotRunning(seen);
            if (isLast) return seen;
        }
    }

    /// <summary>Looks once more after a stop.</summary>
    /// <exception cref="HomelabException"><c>ContainerStillRunning</c> (Failed).</exception>
    internal async Task<ContainerDetail> StoppedAsync(string id, CancellationToken cancellationToken)
    {
        var seen = await client.Containers.InspectAsync(id, cancellationToken).ConfigureAwait(false);
        if (IsStopped(seen.State)) return seen;
        throw new HomelabException(
            ErrorKind.Failed,
            "ContainerStillRunning",
            $"Container {container} is {Word(seen.State)} although the engine said that it was stopped. Look what starts it.",
            container.ToString());
    }

    internal static bool IsStopped(ContainerState state) => state is ContainerState.Exited or ContainerState.Created or ContainerState.Dead;

    private HomelabException NotStarted(ContainerDetail seen) => new(
        ErrorKind.Failed,
        "ContainerNotStarted",
        $"The engine said that container {container} was started, but it is {Word(seen.State)} since {seen.StartedAt:u} as before. Look at the engine on {seen.Host}.",
        container.ToString());

    private HomelabException NotRunning(ContainerDetail seen) => new(
        ErrorKind.Failed,
        "ContainerNotRunning",
        $"Container {container} does not stay up: it is {Word(seen.State)}, exit code {seen.ExitCode}{(seen.OomKilled ? ", out of memory" : "")}"
        + $"{(seen.Error.Length == 0 ? "" : ": " + seen.Error)}. Run Get-HlContainerLog {container} to see why.",
        container.ToString());

    private HomelabException NotHealthy(ContainerDetail seen, TimeSpan timeout) => new(
        ErrorKind.Failed,
        "ContainerNotHealthy",
        $"Container {container} runs, but is {Word(seen.Health)} {Duration.Format(timeout)} later{(seen.HealthOutput.Length == 0 ? "" : ": " + DockerErrors.Shown(seen.HealthOutput))}. "
        + $"Run Get-HlContainerLog {container} to see why.",
        container.ToString());

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
