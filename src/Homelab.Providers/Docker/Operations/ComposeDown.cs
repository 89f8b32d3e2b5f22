using System.ComponentModel;

namespace Homelab.Providers.Docker;

/// <summary>Takes a stack down by compose on its host: its containers and networks are removed, its volumes stay. What its containers have written beside their volumes is lost.</summary>
/// <remarks><c>docker compose down --remove-orphans</c>, or <c>docker-compose</c> where the host has only that, never with <c>-v</c>; then <c>GET /containers/json</c> until none is left.</remarks>
[Operation("docker_compose_down", Level.Manage, Risk.Destroy, Unattended = Requirement.AskTwice, Idempotent = true, Patience = "40m")]
[Description("Takes a stack down: removes its containers and networks, never its volumes. What the containers wrote beside volumes is lost. Refused where one of them is protected.")]
[Example("Stop-HlStack media@dev", "Take one stack down.")]
[Example("Stop-HlStack media@dev -Timeout 10m -PassThru", "Give its programs time to end, and show what was removed.")]
public sealed class ComposeDown : Change<ComposeDown.Input, StackState>
{
    private readonly StackKeeper _stacks;

    internal ComposeDown(StackKeeper stacks) => _stacks = stacks;

    /// <summary>Which stack.</summary>
    public sealed record Input
    {
        /// <summary>The stack.</summary>
        [Subject, Description("The stack: its name, or name@host.")]
        public required StackRef Stack { get; init; }

        /// <summary>How long it may take.</summary>
        [Description("How long compose may take."), DurationRange("10s", "30m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Intent("Take down stack", new Target("stack", input.Stack.Name, input.Stack.Host));
    }

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var look = await _stacks.LookAsync(input.Stack, cancellationToken).ConfigureAwait(false);
        var gone = look.Containers.Count == 0 ? "; it has no containers" : $"; removes {string.Join(", ", look.Containers.Select(static c => c.Name))}; volumes stay";
        return new Prepared<Input>(input with { Stack = new StackRef(look.Place.ToString()) }, look.Mark) { World = look.World(gone), Aliases = look.Aliases };
    }

    /// <inheritdoc/>
    protected override async Task<StackState> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var activity = $"Stopping stack {input.Stack}";
        context.Report(activity, "reading its compose file");
        var look = await _stacks.LookAsync(input.Stack, cancellationToken).ConfigureAwait(false);
        var program = await _stacks.ProgramAsync(look.Place, cancellationToken).ConfigureAwait(false);
        var acts = look.Containers.Select(c => _stacks.Acts.Begin(c.Id)).ToArray();
        try
        {
            context.Report(activity, $"{program} down");
            await _stacks.RunAsync(look, program, ComposeProgram.Down, input.Timeout, cancellationToken).ConfigureAwait(false);
            context.SayActed();
            var left = await _stacks.ContainersAsync(look.Place, look.Project, cancellationToken).ConfigureAwait(false);
            if (left.Count > 0)
            {
                throw StackErrors.Make(ErrorKind.Failed, "StackNotDown", $"{program} said that stack {look.Place} is down, but {string.Join(", ", left.Select(static c => c.Name))} is still there.", "Look what makes it again.", look.Place, nothingHappened: false);
            }

            foreach (var act in acts) act.EndGone();
            return new StackState { Stack = look.Place.Name, Host = look.Place.Host, Project = look.Project, Compose = program.ToString(), Up = false, Removed = [.. look.Containers.Select(static c => c.Name)], Volumes = look.Reading.Volumes };
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
        if (look.Containers.Count == 0) return Settlement.Happened;
        return look.Mark == mark ? Settlement.DidNotHappen : Settlement.Unknown;
    }
}
