namespace Homelab.Providers.Docker;

/// <summary>Looks at a stack's containers until each of its services is up, and stays so for a while: what dies of its settings does so in the first moments.</summary>
internal sealed class StackWatch(StackKeeper keeper, StackLook look, OperationContext context)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private const string WorkDone = "no";

    /// <summary>Waits until all services are up, and healthy where they have a health check; then for as long as <paramref name="settle"/>.</summary>
    /// <param name="services">The services that compose has begun.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="settle">How long they must then stay up.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="HomelabException"><c>StackNotUp</c> (Failed).</exception>
    internal async Task<IReadOnlyList<StackService>> UntilUpAsync(IReadOnlyList<string> services, TimeSpan timeout, TimeSpan settle, CancellationToken cancellationToken)
    {
        var activity = $"Starting stack {look.Place}";
        var began = context.Time.GetTimestamp();
        (long Since, string Runs)? up = null;
        while (true)
        {
            // Only a look that begins when the time is over proves that they were up until then.
            var isLast = settle <= TimeSpan.Zero || (up is { } since && context.Time.GetElapsedTime(since.Since) >= settle);
            var stays = false;
            var seen = await SeeAsync(cancellationToken).ConfigureAwait(false);
            var waiting = services.Where(s => !seen.Any(c => c.State.Service == s) || seen.Any(c => c.State.Service == s && !IsUp(c.Detail))).ToArray();
            if (waiting.Length == 0)
            {
                // Another run than before is one that did not stay up.
                var runs = string.Join(' ', seen.Select(static c => $"{c.Detail.Id}:{c.Detail.StartedAt.UtcTicks}"));
                stays = up is null || up.Value.Runs == runs;
                if (isLast && stays) return [.. seen.Select(static c => c.State)];
                if (up is null || !stays) up = (context.Time.GetTimestamp(), runs);
            }
            else
            {
                up = null;
            }

            var left = timeout + (up is null ? TimeSpan.Zero : settle) - context.Time.GetElapsedTime(began);
            // Of those that stay up the next look decides, however late it comes.
            if (left <= TimeSpan.Zero && !stays) throw NotUp(services, waiting, seen, timeout);
            context.Report(activity, waiting.Length == 0 ? "watching whether it stays up" : $"waiting for {string.Join(", ", waiting)}", Math.Clamp(1 - (left / (timeout + settle)), 0, 1));
            var pause = up is { } from ? settle - context.Time.GetElapsedTime(from.Since) : left;
            await Task.Delay(pause < TimeSpan.Zero ? TimeSpan.Zero : pause < s_pause ? pause : s_pause, context.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>True where it runs, healthy if it says so; or where it was only to do its work once, and has done it well.</summary>
    internal static bool IsUp(ContainerDetail container) => ContainerCheck.Of(container).IsUp || IsDone(container);

    internal static StackService Of(ContainerDetail container) => new()
    {
        Service = container.Labels.GetValueOrDefault(StackPlaces.ServiceLabel, ""),
        Container = container.Name,
        Image = container.Image,
        State = container.State,
        Health = container.Health,
        ExitCode = container.State is ContainerState.Exited or ContainerState.Dead ? container.ExitCode : null,
    };

    private static bool IsDone(ContainerDetail container) => container is { State: ContainerState.Exited, ExitCode: 0, RestartPolicy: WorkDone or "" };

    private async Task<IReadOnlyList<(StackService State, ContainerDetail Detail)>> SeeAsync(CancellationToken cancellationToken)
    {
        var seen = new List<(StackService State, ContainerDetail Detail)>();
        foreach (var container in await keeper.ContainersAsync(look.Place, look.Project, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                var detail = await keeper.EngineOf(look.Place).Containers.InspectAsync(container.Id, cancellationToken).ConfigureAwait(false);
                seen.Add((Of(detail), detail));
            }
            catch (HomelabException e) when (e.Id == "ContainerNotFound")
            {
                // Made anew between the list and the look: the next round sees the new one.
            }
        }

        return seen;
    }

    private HomelabException NotUp(IReadOnlyList<string> services, string[] waiting, IReadOnlyList<(StackService State, ContainerDetail Detail)> seen, TimeSpan timeout)
    {
        var told = waiting.Length == 0
            ? "its containers are started again and again"
            : string.Join("; ", waiting.Select(s => seen.Where(c => c.State.Service == s).Select(static c => $"{c.State} ({c.State.Container})").FirstOrDefault() ?? $"{s} has no container"));
        return StackErrors.Make(
            ErrorKind.Failed,
            "StackNotUp",
            $"Compose has begun stack {look.Place}, but {waiting.Length} of its {services.Count} services are not up {Duration.Format(timeout)} later: {told}.",
            "Run Get-HlContainerLog for each to see why.",
            look.Place,
            nothingHappened: false);
    }
}
