using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Ssh;

/// <summary>Says what the command policy makes of a command: how it was read, which rule speaks, and why. Runs nothing, and connects to nothing.</summary>
/// <remarks>The same reader, policy and writer as <see cref="RunCommand"/>, and as commands in containers and guests.</remarks>
[Operation("ssh_explain", Level.Monitor, Risk.Read, Aliases = ["ssh_plan"])]
[Description("Explains what the command policy makes of a command, without running it: the words it is read as, the rule that holds, the verdict allow, approve or deny, and why.")]
[Example("Test-HlCommand 'docker restart x; id' -HostName dev", "See why a command may not run.")]
[Example("Test-HlCommand 'systemctl restart nginx' -HostName dev -Face Mcp", "See what an AI client would be told.")]
public sealed class ExplainCommand(HostCommands commands, CommandPolicy policy) : Query<ExplainCommand.Input, CommandReading>
{
    /// <summary>What to explain.</summary>
    public sealed record Input
    {
        /// <summary>The command.</summary>
        [Subject, Description("The command as one would ask for it.")]
        public required string Command { get; init; }

        /// <summary>The host.</summary>
        [NameOf("host"), Description("The host it would run on, as the lab file names it.")]
        public string? Host { get; init; }

        /// <summary>The container.</summary>
        [Description("The container it would run in, as name@host.")]
        public ContainerRef? Container { get; init; }

        /// <summary>The guest.</summary>
        [Description("The virtual machine it would run in, as name@node. Its tags are not looked up.")]
        public VmRef? Vm { get; init; }

        /// <summary>Further words.</summary>
        [Description("Further words of the command, each taken as it is.")]
        public IReadOnlyList<string> Argument { get; init; } = [];

        /// <summary>The face.</summary>
        [Description("The face it would be asked for by. The one that asks now when not given.")]
        public Face? Face { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Explain command", Target.Lab);

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<CommandReading> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var face = input.Face ?? context.Caller.Face;
        var decision = policy.Decide(HostCommands.Read(input.Command, input.Argument), PlaceOf(input, face));
        yield return new CommandReading
        {
            Line = input.Command,
            Place = decision.Place.Target.Key,
            Face = face,
            Words = decision.Line.Words,
            Verdict = decision.Verdict,
            Rule = decision.Rule,
            Others = decision.Others,
            Reason = decision.Reason,
            WayOut = decision.WayOut,
            Target = decision.Verdict == CommandVerdict.Deny ? null : decision.Target.Key,
            Reads = decision.Reads,
            AsRoot = decision.AsRoot,
            Time = decision.Limits.Time,
            Output = decision.Limits.Output,
            Written = decision.Line.Words.Count > 0 ? ShellWords.Quote(decision.Line.Words) : "",
        };
    }

    private CommandPlace PlaceOf(Input input, Face face) => (input.Host, input.Container, input.Vm) switch
    {
        ({ } host, null, null) => commands.PlaceOf(host, face),
        (null, { } container, null) => commands.PlaceOfContainer(container, face),
        (null, null, { } vm) => new CommandPlace(new Target("vm", vm.Label, vm.Node), face),
        _ => throw new InputException([new InputProblem("host", null, "is not given, or more than one place is", "Give exactly one of host, container and vm.")]),
    };
}
