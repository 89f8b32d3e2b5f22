using System.ComponentModel;

namespace Homelab.Providers.Docker;

/// <summary>Restarts a container and waits until it runs, and is healthy where it has a health check.</summary>
/// <remarks>Engine API: <c>POST /containers/{id}/restart</c>, then <c>GET /containers/{id}/json</c>. The CLI's <c>docker restart</c>.</remarks>
[Operation("docker_restart_container", Level.Operate, Risk.Disrupt, Unattended = Requirement.Auto, Idempotent = true)]
[Description("Restarts a container and waits until it runs, and is healthy where it has a health check.")]
[Example("Restart-HlContainer gitea@dev", "Restart one container by name and host.")]
[Example("Restart-HlContainer gitea@dev -Grace 30s -Timeout 2m", "Give it 30 seconds to end by itself, and two minutes to be healthy again.")]
public sealed class RestartContainer(DockerEngines engines) : Change<RestartContainer.Input, ContainerDetail>
{
    /// <summary>What to restart.</summary>
    public sealed record Input
    {
        /// <summary>The container.</summary>
        [Subject, Description("The container: name, name@host, or id.")]
        public required ContainerRef Container { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take until it runs and is healthy; the grace comes on top."), DurationRange("1s", "10m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

        /// <summary>How long it may take to end by itself.</summary>
        [Description("How long it may take to end by itself before it is killed. The container's own setting, often 10s, when not given."), DurationRange("0s", "10m")]
        public TimeSpan? Grace { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Restart container", ContainerTarget.Of(input.Container));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var container = await engines.FindAsync(input.Container, cancellationToken).ConfigureAwait(false);
        return ContainerTarget.Prepare(container, input with { Container = new ContainerRef(container) });
    }

    /// <inheritdoc/>
    protected override async Task<ContainerDetail> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var before = ContainerMark.Read(context.Mark) ?? ContainerMark.Of(await engines.FindAsync(input.Container, cancellationToken).ConfigureAwait(false));
        var client = engines.On(input.Container.Host!);
        using var act = engines.Acts.Begin(before.Id);
        var activity = $"Restarting {input.Container}";
        var patience = StopContainer.Patience(input.Grace, input.Timeout);
        var began = context.Time.GetTimestamp();
        context.Report(activity, client.Containers.Asking);
        await client.Containers.RestartAsync(before.Id, input.Grace, patience, cancellationToken).ConfigureAwait(false);
        context.SayActed();
        var left = patience - context.Time.GetElapsedTime(began);
        var after = await new ContainerWatch(client, input.Container, context)
            .UntilUpAsync(before.Id, before.StartedAt, left < input.Timeout ? left : input.Timeout, activity, cancellationToken).ConfigureAwait(false);
        act.EndWell();
        return after;
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (ContainerMark.Read(mark) is not { } before) return Settlement.Unknown;
        var now = await engines.On(input.Container.Host!).Containers.InspectAsync(before.Id, cancellationToken).ConfigureAwait(false);
        return now.StartedAt != before.StartedAt ? Settlement.Happened : Settlement.DidNotHappen;
    }
}
