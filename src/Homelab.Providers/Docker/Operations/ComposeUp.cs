using System.ComponentModel;

namespace Homelab.Providers.Docker;

/// <summary>Brings a stack up by compose on its host, and waits until each of its services runs, is healthy where it has a health check, and stays so.</summary>
/// <remarks><c>docker compose up -d</c>, or <c>docker-compose up -d</c> where the host has only that; then the Engine API: <c>GET /containers/json</c>, <c>/containers/{id}/json</c>.</remarks>
[Operation("docker_compose_up", Level.Manage, Risk.Disrupt, Unattended = Requirement.Ask, Idempotent = true, Patience = "70m")]
[Description("Brings a stack up: makes what is missing, makes anew what has changed, and waits until each service runs and is healthy. The question tells its services, images, volumes, and what they may do to their host.")]
[Example("Start-HlStack media@dev", "Bring one stack up.")]
[Example("Start-HlStack media@dev -Timeout 20m -Settle 30s -PassThru", "Give large images time, watch half a minute, and show the services.")]
public sealed class ComposeUp : Change<ComposeUp.Input, StackState>
{
    private readonly StackKeeper _stacks;

    internal ComposeUp(StackKeeper stacks) => _stacks = stacks;

    /// <summary>Which stack.</summary>
    public sealed record Input
    {
        /// <summary>The stack.</summary>
        [Subject, Description("The stack: its name, or name@host.")]
        public required StackRef Stack { get; init; }

        /// <summary>How long it may take.</summary>
        [Description("How long compose may take, pulling images included, and after it the services until they are up."), DurationRange("10s", "30m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

        /// <summary>How long they must stay up.</summary>
        [Description("How long the services must then stay up: what dies of its settings does so in the first moments."), DurationRange("0s", "5m")]
        public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(5);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Intent("Bring up stack", new Target("stack", input.Stack.Name, input.Stack.Host));
    }

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var look = await _stacks.LookAsync(input.Stack, cancellationToken).ConfigureAwait(false);
        return new Prepared<Input>(input with { Stack = new StackRef(look.Place.ToString()) }, look.Mark) { World = look.World(""), Aliases = look.Aliases, Findings = [.. look.Findings] };
    }

    /// <inheritdoc/>
    protected override async Task<StackState> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var activity = $"Starting stack {input.Stack}";
        context.Report(activity, "reading its compose file");
        var look = await _stacks.LookAsync(input.Stack, cancellationToken).ConfigureAwait(false);
        var program = await _stacks.ProgramAsync(look.Place, cancellationToken).ConfigureAwait(false);
        var services = (await _stacks.RunAsync(look, program, ["config", "--services"], TimeSpan.FromMinutes(1), cancellationToken).ConfigureAwait(false))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(look.Reading.Images.ContainsKey).ToArray();
        if (services.Length == 0) throw StackErrors.Make(ErrorKind.Conflict, "StackEmpty", $"Stack {look.Place} has no service that {program} would begin.", "Look at its compose file, and at the profiles in it.", look.Place);
        var acts = look.Containers.Select(c => _stacks.Acts.Begin(c.Id)).ToArray();
        try
        {
            context.Report(activity, $"{program} up -d");
            await _stacks.RunAsync(look, program, ComposeProgram.Up, input.Timeout, cancellationToken).ConfigureAwait(false);
            context.SayActed();
            var seen = await new StackWatch(_stacks, look, context).UntilUpAsync(services, input.Timeout, input.Settle, cancellationToken).ConfigureAwait(false);
            foreach (var act in acts) act.EndWell();
            return new StackState { Stack = look.Place.Name, Host = look.Place.Host, Project = look.Project, Compose = program.ToString(), Up = true, Services = seen, Volumes = look.Reading.Volumes, Warning = Warning(look, services, seen) };
        }
        finally
        {
            foreach (var act in acts) act.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (mark is null) return Settlement.Unknown;
        var look = await _stacks.LookAsync(input.Stack, cancellationToken).ConfigureAwait(false);
        if (look.Mark == mark) return Settlement.DidNotHappen;
        // Which services compose begins, profiles are about, cannot be told by a look; but that all of them run is plain.
        var running = look.Containers.Where(static c => c is { State: ContainerState.Running, Health: ContainerHealth.None or ContainerHealth.Healthy }).Select(static c => c.Labels.GetValueOrDefault(StackPlaces.ServiceLabel)).ToHashSet(StringComparer.Ordinal);
        return look.Reading.Services.All(running.Contains) ? Settlement.Happened : Settlement.Unknown;
    }

    private static string? Warning(StackLook look, string[] services, IReadOnlyList<StackService> seen)
    {
        var ended = seen.Where(static s => s.ExitCode is not null).Select(static s => s.Service).ToArray();
        var orphans = seen.Where(s => !services.Contains(s.Service, StringComparer.Ordinal)).Select(static s => s.Container).ToArray();
        var told = (ended.Length == 0 ? "" : $"{string.Join(", ", ended)} has done its work and ended. ") + (orphans.Length == 0 ? "" : $"{string.Join(", ", orphans)} is of this stack, and of none of its services any more: remove it if nobody needs it.");
        return told.Length == 0 ? null : $"{look.Place}: {told.TrimEnd()}";
    }
}
