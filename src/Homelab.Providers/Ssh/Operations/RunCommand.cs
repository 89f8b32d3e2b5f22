using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Homelab.Providers.Ssh;

/// <summary>Runs one command on a host over SSH, if the command policy allows it, and returns what it wrote.</summary>
/// <remarks>
/// The command is read as plain words, decided on as words, and written anew from the words for the host: no shell there sees anything that was not decided on. A command that names a
/// container or unit counts as one about that. The line <c>ssh user@host command</c> of OpenSSH's client.
/// </remarks>
[Operation("ssh_run", Level.Operate, Risk.Disrupt, Unattended = Requirement.Auto, Patience = "70m")]
[Description("Runs one command on a host over SSH and returns exit code and output. Only commands that policy.commands of the lab file allows; no operators, pipes, variables or patterns.")]
[Example("Invoke-HlCommand 'df -h' dev", "Run a command that the lab file allows there.")]
[Example("Invoke-HlCommand 'journalctl -n 20 -u' -Argument docker.service -HostName infra -Timeout 10s", "Give a word as it is, and wait at most ten seconds.")]
public sealed class RunCommand(IRemoteHosts remote, HostCommands commands, CommandTurns turns) : Change<RunCommand.Input, HostCommandResult>
{
    private const int ToldLength = 300;
    private const string Reading = "reads";

    /// <summary>What to run, and where.</summary>
    public sealed record Input
    {
        /// <summary>The command.</summary>
        [Subject, Description("The command: a program and its arguments, quoted as for a shell. Nothing that a shell would act on.")]
        public required string Command { get; init; }

        /// <summary>The host.</summary>
        [NameOf("host"), Description("The host, as the lab file names it.")]
        public required string Host { get; init; }

        /// <summary>Further words.</summary>
        [Description("Further words of the command, each taken as it is.")]
        public IReadOnlyList<string> Argument { get; init; } = [];

        /// <summary>How long to wait.</summary>
        [Description("How long it may take; it is ended then. The rule's own limit when not given, and never more."), DurationRange("1s", "1h")]
        public TimeSpan? Timeout { get; init; }

        /// <summary>How much output is kept.</summary>
        [Description("How many bytes of each output are kept. The rule's own limit when not given, and never more."), Range(0, 64 * 1024 * 1024)]
        public int? MaxOutput { get; init; }

        /// <summary>Any exit code will do.</summary>
        [Description("Return the result whatever the exit code is. Without this, one other than 0 is an error.")]
        public bool AllowFailure { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        var line = HostCommands.Read(input.Command, input.Argument);
        return new Intent($"Run {(line.Refusal is null ? CommandLine.Show(line.Words) : ForeignText.Clean(input.Command, ToldLength))} on", new Target("host", input.Host));
    }

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var decision = commands.Decide(HostCommands.Read(input.Command, input.Argument), input.Host, context.Caller.Face);
        var prepared = new Prepared<Input>(input, decision.Reads ? Reading : null) { Findings = [decision.ToFinding()], OnlyLooks = decision.Reads };
        if (decision.Verdict == CommandVerdict.Deny) return prepared;
        if (decision is { Reads: false, Target.Kind: "container" }) prepared = prepared with { Aliases = [await commands.MeetContainerAsync(decision, cancellationToken).ConfigureAwait(false)] };
        // However it was spelled: the same words are the same wish, and an approval holds for these.
        return prepared with { Input = input with { Host = decision.Place.Target.Name, Command = ShellWords.Quote(decision.Line.Words), Argument = [] }, Target = decision.Target };
    }

    /// <inheritdoc/>
    protected override async Task<HostCommandResult> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var decision = commands.Decide(HostCommands.Read(input.Command, input.Argument), input.Host, context.Caller.Face);
        using var turn = await turns.TakeAsync(decision, limit => context.Report($"Waiting on {input.Host}", limit), cancellationToken).ConfigureAwait(false);
        var words = decision.Line.Words;
        context.Report($"Running on {input.Host}", CommandLine.Show(words));
        var command = new RemoteCommand(words)
        {
            Timeout = input.Timeout is { } timeout && timeout < decision.Limits.Time ? timeout : decision.Limits.Time,
            MaxOutput = input.MaxOutput is { } most && most < decision.Limits.Output ? most : decision.Limits.Output,
            EndsWhenFull = decision.Reads,
            AsRoot = decision.AsRoot,
        };
        var ended = await remote.RunAsync(input.Host, command, cancellationToken).ConfigureAwait(false);
        var result = new HostCommandResult
        {
            Host = input.Host,
            Words = words,
            Rule = decision.Rule ?? "",
            ExitCode = ended.ExitCode,
            Output = ended.Output,
            Error = ended.Error,
            Truncated = ended.Truncated,
            Elapsed = ended.Elapsed,
        };
        return result.ExitCode == 0 || input.AllowFailure || (decision.Reads && ended.Truncated) ? result : throw Failed(result);
    }

    /// <inheritdoc/>
    protected override Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken) =>
        Task.FromResult(mark == Reading ? Settlement.DidNotHappen : Settlement.Unknown);

    private static HomelabException Failed(HostCommandResult result)
    {
        var told = ForeignText.Clean(result.Error.Length > 0 ? result.Error : result.Output, ToldLength);
        return new HomelabException(
            ErrorKind.Failed,
            "CommandFailed",
            string.Create(CultureInfo.InvariantCulture, $"{CommandLine.Show(result.Words)} on {result.Host} ended with exit code {result.ExitCode}{(told.Length == 0 ? "" : $": {told.TrimEnd('.')}")}. With allowFailure its whole output is returned."),
            result.Host);
    }
}
