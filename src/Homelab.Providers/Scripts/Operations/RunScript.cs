using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Homelab.Providers.Scripts;

/// <summary>Runs a PowerShell script of the lab on this machine, and returns what it wrote. Only what the command policy allows.</summary>
/// <remarks>
/// <c>pwsh -NoProfile -NonInteractive -File</c>, without this process's environment but what a shell needs. To the command policy it is the command <c>pwsh script arguments…</c> at
/// <c>script:path</c>. An approval is for the script's content as it was when it was asked for.
/// </remarks>
[Operation("script_run", Level.Manage, Risk.Disrupt, Unattended = Requirement.Auto, Patience = "70m")]
[Description("Runs a PowerShell script out of the lab's folder of scripts in a child pwsh on this machine and returns exit code and output. Only scripts and arguments that policy.commands of the lab file allows.")]
[Example("Invoke-HlScript heal/prune-logs.ps1 -Argument '-Days', 7", "Run what the lab file allows.")]
[Example("Invoke-HlScript report.ps1 -AllowFailure -Timeout 10s", "End it after ten seconds, and see what it says whatever its exit code is.")]
public sealed class RunScript : Change<RunScript.Input, ScriptResult>
{
    private const int ToldLength = 300;

    private readonly ScriptFolder _folder;
    private readonly Pwsh _pwsh;
    private readonly CommandPolicy _policy;
    private readonly CommandTurns _turns;

    internal RunScript(ScriptFolder folder, Pwsh pwsh, CommandPolicy policy, CommandTurns turns)
    {
        _folder = folder;
        _pwsh = pwsh;
        _policy = policy;
        _turns = turns;
    }

    /// <summary>What to run.</summary>
    public sealed record Input
    {
        /// <summary>The script.</summary>
        [Subject, Description("The script: its path below the folder of providers.scripts in the lab file, such as heal/cleanup.ps1.")]
        public required string Script { get; init; }

        /// <summary>Its arguments.</summary>
        [Description("Its arguments, each a word of its own, as on the command line of pwsh -File.")]
        public IReadOnlyList<string> Argument { get; init; } = [];

        /// <summary>Its content.</summary>
        [Description("The SHA-256 of its content, in hexadecimal digits, where only that content may run."), RegularExpression("[0-9a-fA-F]{64}")]
        public string? Sha256 { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take; what its rule allows when not given or less. Afterwards it is ended with all that it began."), DurationRange("1s", "1h")]
        public TimeSpan? Timeout { get; init; }

        /// <summary>How much output is kept.</summary>
        [Description("How many bytes of each output are kept; no more than its rule allows."), Range(0, 64 * 1024 * 1024)]
        public int MaxOutput { get; init; } = 65_536;

        /// <summary>Any exit code will do.</summary>
        [Description("Return the result whatever the exit code is. Without this, one other than 0 is an error.")]
        public bool AllowFailure { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new($"Run {CommandLine.Show(Words(input))}", Place(input));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var script = await FindAsync(input, cancellationToken).ConfigureAwait(false);
        _pwsh.Find();
        // With its content among the input, an approval that was given for another one does not fit.
        var canonical = input with { Sha256 = script.Sha256 };
        var decision = Decide(canonical, context);
        return new Prepared<Input>(canonical, null) { Findings = [decision.ToFinding()], OnlyLooks = decision.Reads };
    }

    /// <inheritdoc/>
    protected override async Task<ScriptResult> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var decision = Decide(input, context);
        var limits = decision.Limits.AtMost(input.Timeout, input.MaxOutput);
        var activity = $"Running {input.Script}";
        using var turn = await _turns.TakeAsync(decision, limit => context.Report(activity, "waiting: " + limit), cancellationToken).ConfigureAwait(false);
        var script = await FindAsync(input, cancellationToken).ConfigureAwait(false);
        var began = context.Time.GetTimestamp();
        context.Report(activity, "in a child pwsh");
        using var process = ScriptProcess.Start(_pwsh.Start(script.File, script.Folder, input.Argument), limits.Output);
        context.SayActed();
        var exitCode = await process.WaitAsync(limits.Time, context.Time, cancellationToken).ConfigureAwait(false) ?? throw Ended(input, limits.Time, process);
        var result = new ScriptResult
        {
            Script = input.Script,
            Argument = input.Argument,
            ExitCode = exitCode,
            Output = process.Output,
            Error = process.Error,
            Truncated = process.Truncated,
            Elapsed = context.Time.GetElapsedTime(began),
        };
        return exitCode == 0 || input.AllowFailure ? result : throw Failed(result);
    }

    /// <inheritdoc/>
    // What only looks has changed nothing, whatever became of its answer.
    protected override Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Decide(input, context).Reads ? Settlement.DidNotHappen : Settlement.Unknown);

    private static Target Place(Input input) => new("script", input.Script);

    private static IReadOnlyList<string> Words(Input input) => [Pwsh.Word, input.Script, .. input.Argument];

    private CommandDecision Decide(Input input, OperationContext context) => _policy.Decide(Words(input), new CommandPlace(Place(input), context.Caller.Face));

    private async Task<Script> FindAsync(Input input, CancellationToken cancellationToken)
    {
        var script = await _folder.FindAsync(input.Script, cancellationToken).ConfigureAwait(false);
        if (input.Sha256 is null || string.Equals(input.Sha256, script.Sha256, StringComparison.OrdinalIgnoreCase)) return script;
        throw new HomelabException(
            ErrorKind.Conflict,
            "ScriptChanged",
            $"The script '{input.Script}' has another content than the one that is wanted: its SHA-256 is {script.Sha256}. Read it, and ask again.",
            input.Script)
        { NothingHappened = true };
    }

    private static HomelabException Ended(Input input, TimeSpan time, ScriptProcess process) => new(
        ErrorKind.Timeout,
        "ScriptTimeout",
        $"{input.Script} was ended after {Duration.Format(time)}, with all that it had begun{Told(process.Error, process.Output)}. What it did until then stays done.",
        input.Script);

    private static HomelabException Failed(ScriptResult result) => new(
        ErrorKind.Failed,
        "ScriptFailed",
        string.Create(CultureInfo.InvariantCulture, $"{result.Script} ended with exit code {result.ExitCode}{Told(result.Error, result.Output)}. With allowFailure its whole output is returned."),
        result.Script);

    private static string Told(string error, string output) => ForeignText.Clean(error.Length > 0 ? error : output, ToldLength) is { Length: > 0 } told ? $": {told.TrimEnd('.')}" : "";
}
