using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Homelab.Providers.Docker;

/// <summary>Runs a command in a container, and returns what it wrote. Only what the command policy allows.</summary>
/// <remarks>
/// Engine API: <c>POST /containers/{id}/exec</c>, <c>POST /exec/{id}/start</c>, then <c>GET /exec/{id}/json</c>. No shell reads the words, and there is no terminal. The engine
/// cannot end a command: one that outlasts its time goes on in the container. The CLI's <c>docker exec</c>.
/// </remarks>
[Operation("docker_exec", Level.Manage, Risk.Disrupt, Unattended = Requirement.Auto, Patience = "70m")]
[Description("Runs a command in a container and returns exit code and output. Only commands that policy.commands of the lab file allows; no shell reads them.")]
[Example("Invoke-HlContainerCommand traefik@infra -Command nginx, -s, reload", "Run what the lab file allows there.")]
[Example("Invoke-HlContainerCommand postgres@dev -Command pg_isready -AllowFailure -Timeout 10s", "Wait at most ten seconds, and see what it says whatever its exit code is.")]
public sealed class RunInContainer(DockerEngines engines, CommandPolicy policy, CommandTurns turns) : Change<RunInContainer.Input, ContainerCommandResult>
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(500);

    // The engine writes down how a command ended a moment after its outputs are closed.
    private static readonly TimeSpan s_ending = TimeSpan.FromSeconds(10);
    private const double Growth = 1.6;
    private const int ToldLength = 300;

    /// <summary>What to run, and where.</summary>
    public sealed record Input
    {
        /// <summary>The container.</summary>
        [Subject, Description("The container: name, name@host, or id.")]
        public required ContainerRef Container { get; init; }

        /// <summary>The program and its arguments.</summary>
        [Description("The program and its arguments, each a word of its own. No shell reads them.")]
        public required IReadOnlyList<string> Command { get; init; }

        /// <summary>The account.</summary>
        [Description("The user, or user:group, it runs as. The container's own when not given; a person must agree to any other.")]
        public string? User { get; init; }

        /// <summary>The folder.</summary>
        [Description("The folder in the container it runs in. The container's own when not given; a person must agree to any other.")]
        public string? WorkingFolder { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take; what its rule allows when not given or less. Afterwards it goes on in the container, and its outcome is unknown."), DurationRange("1s", "1h")]
        public TimeSpan? Timeout { get; init; }

        /// <summary>How much output is kept.</summary>
        [Description("How many bytes of each output are kept; no more than its rule allows."), Range(0, 64 * 1024 * 1024)]
        public int MaxOutput { get; init; } = 65_536;

        /// <summary>Any exit code will do.</summary>
        [Description("Return the result whatever the exit code is. Without this, one other than 0 is an error.")]
        public bool AllowFailure { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new($"Run {CommandLine.Show(input.Command)} in container", ContainerTarget.Of(input.Container));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        if (input.Command is not [{ Length: > 0 }, ..]) throw new InputException([new InputProblem("command", "[]", "names no program", "Give the program and its arguments, each a word of its own.")]);
        var container = await engines.FindAsync(input.Container, cancellationToken).ConfigureAwait(false);
        var canonical = input with { Container = new ContainerRef(container), User = NoneIfEmpty(input.User), WorkingFolder = NoneIfEmpty(input.WorkingFolder) };
        var prepared = ContainerTarget.Prepare(container, canonical);
        var decision = Decide(canonical, container.Id, context);
        return prepared with { Findings = [decision.ToFinding(), .. Elsewhere(canonical)], OnlyLooks = decision.Reads };
    }

    /// <inheritdoc/>
    protected override async Task<ContainerCommandResult> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var container = ContainerMark.Read(context.Mark)?.Id ?? (await engines.FindAsync(input.Container, cancellationToken).ConfigureAwait(false)).Id;
        var decision = Decide(input, container, context);
        var limits = decision.Limits.AtMost(input.Timeout, input.MaxOutput);
        var activity = $"Running {ForeignText.Clean(input.Command[0], ToldLength)} in {input.Container}";
        using var turn = await turns.TakeAsync(decision, limit => context.Report(activity, "waiting: " + limit), cancellationToken).ConfigureAwait(false);

        var commands = engines.On(input.Container.Host!).Commands;
        var began = context.Time.GetTimestamp();
        context.Report(activity, "asking the engine");
        var id = await commands.CreateAsync(container, new ExecCreateWire { Cmd = input.Command, User = input.User, WorkingDir = input.WorkingFolder }, cancellationToken).ConfigureAwait(false);
        var output = new CommandOutput(limits.Output);
        var inTime = await RunAsync(commands, id, output, limits.Time, context, cancellationToken).ConfigureAwait(false);
        var ended = await EndAsync(commands, id, inTime, context, cancellationToken).ConfigureAwait(false);
        if (ended.Running) throw StillRuns(input, limits.Time);
        var result = new ContainerCommandResult
        {
            Container = input.Container,
            Command = input.Command,
            ExitCode = ended.ExitCode ?? throw Lost(input),
            Output = output.Output,
            Error = output.Error,
            Truncated = output.Truncated,
            Elapsed = context.Time.GetElapsedTime(began),
        };
        return result.ExitCode == 0 || input.AllowFailure ? result : throw Failed(result);
    }

    /// <inheritdoc/>
    // What only looks has changed nothing, whatever became of its answer.
    protected override Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken) =>
        Task.FromResult(ContainerMark.Read(mark) is { } before && Decide(input, before.Id, context).Reads ? Settlement.DidNotHappen : Settlement.Unknown);

    private CommandDecision Decide(Input input, string id, OperationContext context)
    {
        var place = new CommandPlace(ContainerTarget.Of(input.Container) with { Aliases = ContainerTarget.Aliases(id) }, context.Caller.Face) { Tags = engines.TagsOf(input.Container.Host!) };
        return policy.Decide(input.Command, place);
    }

    // Rules speak of words. What the same words do as another user, or in another folder, they do not say.
    private static IEnumerable<Finding> Elsewhere(Input input)
    {
        if (input.User is { } user) yield return Asked($"the user {ForeignText.Clean(user, ToldLength)}");
        if (input.WorkingFolder is { } folder) yield return Asked($"the folder {ForeignText.Clean(folder, ToldLength)}");

        static Finding Asked(string what) => new(Rules.Command, Requirement.Ask, $"rules of commands do not speak of {what}, so that a person must agree", "Leave it out, or approve it.");
    }

    // False when the time was over first.
    private static async Task<bool> RunAsync(DockerCommands commands, string id, CommandOutput output, TimeSpan time, OperationContext context, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(time, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        try
        {
            await commands.RunAsync(id, output, context.SayActed, either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    // A command that has ended may have left its outputs to one that goes on: then the time is over, and its end is known all the same.
    private static async Task<ExecWire> EndAsync(DockerCommands commands, string id, bool inTime, OperationContext context, CancellationToken cancellationToken)
    {
        var began = context.Time.GetTimestamp();
        for (var pause = s_firstPause; ; pause = pause * Growth < s_longestPause ? pause * Growth : s_longestPause)
        {
            var seen = await commands.InspectAsync(id, cancellationToken).ConfigureAwait(false);
            if (!seen.Running || !inTime || context.Time.GetElapsedTime(began) >= s_ending) return seen;
            await Task.Delay(pause, context.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string? NoneIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static HomelabException StillRuns(Input input, TimeSpan time) => new(
        ErrorKind.Timeout,
        "ContainerCommandTimeout",
        $"{CommandLine.Show(input.Command)} still runs in {input.Container} after {Duration.Format(time)}. The engine cannot end it: it goes on there until it ends by itself or the container is restarted.",
        input.Container.ToString());

    private static HomelabException Failed(ContainerCommandResult result)
    {
        var told = ForeignText.Clean(result.Error.Length > 0 ? result.Error : result.Output, ToldLength).TrimEnd('.');
        return new HomelabException(
            ErrorKind.Failed,
            "ContainerCommandFailed",
            string.Create(CultureInfo.InvariantCulture, $"{CommandLine.Show(result.Command)} in {result.Container} ended with exit code {result.ExitCode}{(told.Length == 0 ? "" : $": {told}")}. With allowFailure its whole output is returned."),
            result.Container.ToString());
    }

    private static HomelabException Lost(Input input) => new(
        ErrorKind.Unavailable,
        "ContainerCommandResultLost",
        $"{CommandLine.Show(input.Command)} was begun in {input.Container}, but the engine does not say how it ended. Look into the container.",
        input.Container.ToString());
}
