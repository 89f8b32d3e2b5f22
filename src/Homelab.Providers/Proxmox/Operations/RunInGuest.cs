using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>Runs a command in a virtual machine by its guest agent, and returns what it wrote. Only what the command policy allows.</summary>
/// <remarks>
/// Proxmox API: <c>POST /nodes/{node}/qemu/{vmid}/agent/exec</c>, then <c>exec-status</c> until it has ended: that answer is given once. Needs VM.GuestAgent.Unrestricted,
/// before 9 VM.Monitor. No shell reads the words; a command that outlasts the timeout goes on in the guest. The CLI's <c>qm guest exec</c>.
/// </remarks>
[Operation("proxmox_guest_exec", Level.Manage, Risk.Disrupt, Unattended = Requirement.Auto, Patience = "70m")]
[Description("Runs a command in a virtual machine of Proxmox by its guest agent and returns exit code and output. Only commands that policy.commands of the lab file allows; no shell reads them.")]
[Example("Invoke-HlVmCommand dev -Command systemctl, restart, nginx", "Run what the lab file allows there.")]
[Example("Invoke-HlVmCommand dev -Command df, -h -AllowFailure -Timeout 10s", "Wait at most ten seconds, and see what it says whatever its exit code is.")]
public sealed class RunInGuest(ProxmoxCluster cluster, CommandPolicy policy, CommandTurns turns) : Change<RunInGuest.Input, GuestCommandResult>
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);
    private const double Growth = 1.6;
    private const int ToldLength = 300;

    /// <summary>What to run, and where.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The virtual machine: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>The program and its arguments.</summary>
        [Description("The program and its arguments, each a word of its own. No shell reads them.")]
        public required IReadOnlyList<string> Command { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take; what its rule allows when not given or less. Afterwards it goes on in the guest, and its outcome is unknown."), DurationRange("1s", "1h")]
        public TimeSpan? Timeout { get; init; }

        /// <summary>How much output is kept.</summary>
        [Description("How many characters of each output are kept; no more than its rule allows."), Range(0, 1_000_000)]
        public int MaxOutput { get; init; } = 65_536;

        /// <summary>Any exit code will do.</summary>
        [Description("Return the result whatever the exit code is. Without this, one other than 0 is an error.")]
        public bool AllowFailure { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new($"Run {CommandLine.Show(input.Command)} in guest", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        if (input.Command is not [{ Length: > 0 }, ..]) throw new InputException([new InputProblem("command", "[]", "names no program", "Give the program and its arguments, each a word of its own.")]);
        var vm = await new GuestAgent(cluster).FindAsync(input.Vm, "reached by a guest agent", cancellationToken).ConfigureAwait(false);
        var prepared = VmTarget.Prepare(vm, input with { Vm = new VmRef(vm) });
        var decision = Decide(vm, prepared, context);
        return prepared with { Mark = null, Findings = [decision.ToFinding()], OnlyLooks = decision.Reads };
    }

    /// <inheritdoc/>
    protected override async Task<GuestCommandResult> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var vm = await new GuestAgent(cluster).FindAsync(input.Vm, "reached by a guest agent", cancellationToken).ConfigureAwait(false);
        var decision = Decide(vm, VmTarget.Prepare(vm, input), context);
        var limits = decision.Limits.AtMost(input.Timeout, input.MaxOutput);
        using var turn = await turns.TakeAsync(decision, limit => context.Report(Activity(input), "waiting: " + limit), cancellationToken).ConfigureAwait(false);
        var began = context.Time.GetTimestamp();
        var pid = await BeginAsync(vm, input, cancellationToken).ConfigureAwait(false);
        context.SayActed();
        var ended = await FollowAsync(vm, pid, input, limits.Time, context, cancellationToken).ConfigureAwait(false);
        var result = Read(input, ended, limits.Output) with { Elapsed = context.Time.GetElapsedTime(began) };
        return result.ExitCode == 0 || input.AllowFailure ? result : throw Failed(vm, result);
    }

    private CommandDecision Decide(VmDetail vm, Prepared<Input> prepared, OperationContext context) =>
        policy.Decide(prepared.Input.Command, new CommandPlace(VmTarget.Of(prepared.Input.Vm) with { Aliases = prepared.Aliases }, context.Caller.Face) { Tags = vm.Tags });

    private static string Activity(Input input) => $"Running {input.Command[0]} in {input.Vm.Label}";

    private async Task<long> BeginAsync(VmDetail vm, Input input, CancellationToken cancellationToken)
    {
        try
        {
            var begun = await cluster.Wire.PostAsync($"/nodes/{vm.Node}/qemu/{vm.Id}/agent/exec", new ProxmoxForm { { "command", input.Command } }, ProxmoxJson.Default.AgentExecWire, cancellationToken).ConfigureAwait(false);
            return begun.Pid ?? throw Lost(vm, input, "the agent told no process", inner: null);
        }
        catch (HomelabException e) when (GuestAgent.IsSilent(e))
        {
            throw GuestAgent.Explain(e, vm);
        }
    }

    private async Task<AgentExecStatusWire> FollowAsync(VmDetail vm, long pid, Input input, TimeSpan time, OperationContext context, CancellationToken cancellationToken)
    {
        var began = context.Time.GetTimestamp();
        var pause = s_firstPause;
        for (; ; )
        {
            var seen = await LookAsync(vm, pid, input, cancellationToken).ConfigureAwait(false);
            if (seen.Exited == true) return seen;
            if (context.Time.GetElapsedTime(began) >= time)
            {
                throw new HomelabException(
                    ErrorKind.Timeout,
                    "GuestCommandTimeout",
                    string.Create(CultureInfo.InvariantCulture, $"{CommandLine.Show(input.Command)} still runs in {vm} after {Duration.Format(time)}, as process {pid}. It goes on there; look into the guest."),
                    vm.ToString());
            }

            context.Report(Activity(input), string.Create(CultureInfo.InvariantCulture, $"process {pid}"));
            await Task.Delay(pause, context.Time, cancellationToken).ConfigureAwait(false);
            pause = pause * Growth < s_longestPause ? pause * Growth : s_longestPause;
        }
    }

    private async Task<AgentExecStatusWire> LookAsync(VmDetail vm, long pid, Input input, CancellationToken cancellationToken)
    {
        try
        {
            return await cluster.Wire.GetAsync($"/nodes/{vm.Node}/qemu/{vm.Id}/agent/exec-status", new ProxmoxForm { { "pid", pid } }, ProxmoxJson.Default.AgentExecStatusWire, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Kind is not (ErrorKind.Unavailable or ErrorKind.Timeout))
        {
            // The end is told once: where that answer was lost on the way, the agent knows the process no more. It ran all the same.
            throw Lost(vm, input, e.Message, e);
        }
    }

    private static GuestCommandResult Read(Input input, AgentExecStatusWire wire, int kept) => new()
    {
        Vm = input.Vm,
        Command = input.Command,
        ExitCode = (int?)wire.ExitCode,
        Signal = (int?)wire.Signal,
        Output = Kept(wire.Output, kept),
        Error = Kept(wire.Error, kept),
        Truncated = wire.OutputTruncated == true || wire.ErrorTruncated == true || wire.Output?.Length > kept || wire.Error?.Length > kept,
    };

    private static string Kept(string? text, int length) => string.IsNullOrEmpty(text) || length == 0 ? "" : ForeignText.Cut(text, length);

    private static HomelabException Failed(Vm vm, GuestCommandResult result)
    {
        var how = result.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $"exit code {code}") : string.Create(CultureInfo.InvariantCulture, $"signal {result.Signal}");
        var told = ForeignText.Clean(result.Error.Length > 0 ? result.Error : result.Output, ToldLength);
        return new HomelabException(ErrorKind.Failed, "GuestCommandFailed", $"{CommandLine.Show(result.Command)} in {vm} ended with {how}{(told.Length == 0 ? "" : $": {told.TrimEnd('.')}")}. With allowFailure its whole output is returned.", vm.ToString());
    }

    private static HomelabException Lost(Vm vm, Input input, string why, Exception? inner) =>
        new(ErrorKind.Unavailable, "GuestCommandResultLost", $"{CommandLine.Show(input.Command)} was begun in {vm}, but how it ended cannot be known: {ForeignText.Clean(why, ToldLength).TrimEnd('.')}. Look into the guest.", vm.ToString(), inner);
}
