using System.ComponentModel;

namespace Homelab.Providers.Docker;

/// <summary>Stops a container. One that does not run is left as it is.</summary>
/// <remarks>Engine API: <c>POST /containers/{id}/stop</c>, then <c>GET /containers/{id}/json</c>. The CLI's <c>docker stop</c>.</remarks>
[Operation("docker_stop_container", Level.Operate, Risk.Disrupt, Unattended = Requirement.Ask, Idempotent = true)]
[Description("Stops a container. One that does not run is left as it is.")]
[Example("Stop-HlContainer gitea@dev", "Stop one container by name and host.")]
[Example("Stop-HlContainer postgres@dev -Grace 1m", "Give a database a minute to close its files before it is killed.")]
public sealed class StopContainer(DockerEngines engines) : Change<StopContainer.Input, ContainerDetail>
{
    // What the engine gives a container that says nothing else.
    private static readonly TimeSpan s_usualGrace = TimeSpan.FromSeconds(10);

    /// <summary>What to stop.</summary>
    public sealed record Input
    {
        /// <summary>The container.</summary>
        [Subject, Description("The container: name, name@host, or id.")]
        public required ContainerRef Container { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long the engine may take to answer; the grace comes on top."), DurationRange("1s", "10m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

        /// <summary>How long it may take to end by itself.</summary>
        [Description("How long it may take to end by itself before it is killed. The container's own setting, often 10s, when not given."), DurationRange("0s", "10m")]
        public TimeSpan? Grace { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Stop container", ContainerTarget.Of(input.Container));

    /// <summary>How long an engine may take that ends a container on the way.</summary>
    internal static TimeSpan Patience(TimeSpan? grace, TimeSpan timeout) => timeout + (grace ?? s_usualGrace);

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
        context.Report($"Stopping {input.Container}", client.Containers.Asking);
        await client.Containers.StopAsync(before.Id, input.Grace, Patience(input.Grace, input.Timeout), cancellationToken).ConfigureAwait(false);
        context.SayActed();
        var after = await new ContainerWatch(client, input.Container, context).StoppedAsync(before.Id, cancellationToken).ConfigureAwait(false);
        act.EndWell();
        return after;
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (ContainerMark.Read(mark) is not { } before) return Settlement.Unknown;
        var now = await engines.On(input.Container.Host!).Containers.InspectAsync(before.Id, cancellationToken).ConfigureAwait(false);
        if (ContainerWatch.IsStopped(now.State)) return Settlement.Happened;
        // Started anew since: whether our stop came first cannot be seen any more.
        return now.StartedAt == before.StartedAt && now.State == before.State ? Settlement.DidNotHappen : Settlement.Unknown;
    }
}
