using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Docker;

/// <summary>Tells what happens to containers as it happens.</summary>
/// <remarks>Engine API: <c>GET /events</c>. The CLI's <c>docker events</c>, without those of commands run inside containers.</remarks>
[Operation("docker_watch_events", Level.Monitor, Risk.Read)]
[Description("Tells what happens to containers as it happens: start, die, kill, oom, health_status and more. Goes on over lost connections until it is cancelled or the time is over.")]
[Example("Watch-HlContainer", "Watch every container of the lab until Ctrl+C.")]
[Example("Watch-HlContainer gitea@dev -For 5m", "Watch one container for five minutes.")]
public sealed class WatchContainers(DockerEngines engines) : Query<WatchContainers.Input, ContainerEvent>
{
    /// <summary>What to watch.</summary>
    public sealed record Input
    {
        /// <summary>The container.</summary>
        [Subject, Description("The container: name, name@host, or id. All when not given.")]
        public ContainerRef? Container { get; init; }

        /// <summary>The host.</summary>
        [NameOf("host"), Description("Only containers of this host, as the lab file names it.")]
        public string? Host { get; init; }

        /// <summary>How long.</summary>
        [Description("How long to watch. Until cancelled when not given."), DurationRange("1s", "30d")]
        public TimeSpan? For { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Watch containers", input.Container is null ? Target.Lab : ContainerTarget.Of(input.Container));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ContainerEvent> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(input.For ?? Timeout.InfiniteTimeSpan, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        var watched = engines.In(input.Container?.Host ?? input.Host);
        var events = SourceMerge.MergeAsync(watched, static (e, c) => e.Events.WatchAsync(patient: false, c), DockerErrors.Several, endless: true, either.Token).GetAsyncEnumerator(either.Token);
        await using (events.ConfigureAwait(false))
        {
            while (await NextAsync(events, over.Token, cancellationToken).ConfigureAwait(false))
            {
                var happened = events.Current;
                if (input.Container is null || DockerEngines.IsMeant(input.Container.Name, happened.Container, happened.Id)) yield return happened;
            }
        }
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<ContainerEvent> events, CancellationToken over, CancellationToken cancellationToken)
    {
        try
        {
            return await events.MoveNextAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
