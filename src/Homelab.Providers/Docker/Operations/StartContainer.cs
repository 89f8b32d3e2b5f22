using System.ComponentModel;

namespace Homelab.Providers.Docker;

/// <summary>Starts a container and waits until it runs, and is healthy where it has a health check. One that runs already is left as it is.</summary>
/// <remarks>Engine API: <c>POST /containers/{id}/start</c>, then <c>GET /containers/{id}/json</c>. The CLI's <c>docker start</c>.</remarks>
[Operation("docker_start_container", Level.Operate, Risk.Change, Unattended = Requirement.Auto, Idempotent = true)]
[Description("Starts a container and waits until it runs, and is healthy where it has a health check. One that runs already is left as it is.")]
[Example("Start-HlContainer gitea@dev", "Start one container by name and host.")]
[Example("Get-HlContainer -State Exited | Start-HlContainer", "Start everything that has exited.")]
public sealed class StartContainer(DockerEngines engines) : Change<StartContainer.Input, ContainerDetail>
{
    /// <summary>What to start.</summary>
    public sealed record Input
    {
        /// <summary>The container.</summary>
        [Subject, Description("The container: name, name@host, or id.")]
        public required ContainerRef Container { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take until it runs and is healthy."), DurationRange("1s", "10m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Start container", ContainerTarget.Of(input.Container));

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
        var activity = $"Starting {input.Container}";
        var began = context.Time.GetTimestamp();
        context.Report(activity, client.Containers.Asking);
        if (!await client.Containers.StartAsync(before.Id, input.Timeout, cancellationToken).ConfigureAwait(false))
        {
            var now = await client.Containers.InspectAsync(before.Id, cancellationToken).ConfigureAwait(false);
            if (now.State is ContainerState.Running) return now;
        }

        context.SayActed();
        var after = await new ContainerWatch(client, input.Container, context)
            .UntilUpAsync(before.Id, previousStart: null, input.Timeout - context.Time.GetElapsedTime(began), activity, cancellationToken).ConfigureAwait(false);
        act.EndWell();
        return after;
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (ContainerMark.Read(mark) is not { } before) return Settlement.Unknown;
        var now = await engines.On(input.Container.Host!).Containers.InspectAsync(before.Id, cancellationToken).ConfigureAwait(false);
        // What ran already was to be left as it is, and that is what is seen.
        return now.State is ContainerState.Running || now.StartedAt != before.StartedAt ? Settlement.Happened : Settlement.DidNotHappen;
    }
}
