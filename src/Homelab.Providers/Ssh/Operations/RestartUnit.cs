using System.ComponentModel;

namespace Homelab.Providers.Ssh;

/// <summary>Restarts a unit of systemd and proves that it was started anew and stays up.</summary>
/// <remarks>
/// <c>systemctl restart</c> over SSH, through <c>sudo -n</c> where the host's <c>ssh.sudo</c> says so; then <c>systemctl show</c> until it is active with another invocation than before.
/// By itself only where <c>policy.commands</c> allows <c>systemctl restart</c> of the unit on that host; else a person is asked.
/// </remarks>
[Operation("host_restart_unit", Level.Operate, Risk.Disrupt, Unattended = Requirement.Auto, Idempotent = true, Patience = "15m")]
[Description("Restarts a unit of systemd on a host, and proves that it was started anew, is active and stays so. Unattended only where policy.commands allows 'systemctl restart' of it there; else a person is asked.")]
[Example("Restart-HlUnit nginx dev", "Restart one unit of one host.")]
[Example("Get-HlUnit -Failed -Host dev | Restart-HlUnit -PassThru", "Restart what has failed on one host, and show how it is then.")]
public sealed class RestartUnit(ProviderContext context) : Change<RestartUnit.Input, HostUnitDetail>
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);
    private const double Growth = 1.6;

    private readonly IRemoteHosts _hosts = context.Remote;
    private readonly HostCommands _commands = new(context.Lab, context.Commands, context.Remote);
    private readonly CommandTurns _turns = context.Turns;

    /// <summary>What to restart.</summary>
    public sealed record Input
    {
        /// <summary>The unit.</summary>
        [Subject, Description("The unit: nginx, which is nginx.service, or certbot.timer.")]
        public required UnitRef Unit { get; init; }

        /// <summary>The host.</summary>
        [NameOf("host"), Description("The host as the lab file names it.")]
        public required string Host { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take until it is active again."), DurationRange("1s", "10m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

        /// <summary>How long it must stay up.</summary>
        [Description("How long it must then stay active: what dies of its settings does so in the first moments."), DurationRange("0s", "2m")]
        public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(2);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Restart unit", UnitTarget.Of(input.Unit, input.Host));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var host = HostRound.Named(_hosts, UnitTarget.Host(input.Unit, input.Host)!);
        var (seen, mark) = await LookAsync(host, input.Unit.Name, cancellationToken).ConfigureAwait(false);
        if (seen.Load == "not-found") throw HostErrors.NoUnit(host, input.Unit.Name);
        if (seen.Load == "masked") throw HostErrors.Make(ErrorKind.Conflict, "UnitMasked", $"Unit {seen} is masked: it cannot be started.", "Run 'systemctl unmask' there first, if it is to run.", seen.ToString());
        // The name by which systemd itself knows it: an alias must not slip past a rule.
        var canonical = input with { Unit = new UnitRef(seen.Name), Host = host };
        return new Prepared<Input>(canonical, mark)
        {
            World = World(seen),
            Aliases = seen.Name == input.Unit.Name ? [] : [input.Unit.Name],
            Findings = [Finding(canonical, Decide(canonical, context.Caller.Face))],
        };
    }

    // A unit that systemd starts again and again is between two starts what it was before: only one that has stopped, failed for good or come up is another.
    private static string World(HostUnitDetail seen) => $"{seen.Name}, {HomelabNames.Of(seen.State is UnitState.Activating or UnitState.Deactivating or UnitState.Reloading ? UnitState.Active : seen.State)}";

    /// <inheritdoc/>
    protected override async Task<HostUnitDetail> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var (host, unit) = (input.Host, input.Unit.Name);
        var activity = $"Restarting {unit}@{host}";
        var before = context.Mark ?? (await LookAsync(host, unit, cancellationToken).ConfigureAwait(false)).Mark;
        using var turn = await _turns.TakeAsync(Decide(input, context.Caller.Face), waiting => context.Report(activity, waiting), cancellationToken).ConfigureAwait(false);
        var began = context.Time.GetTimestamp();
        context.Report(activity, "asking systemd");
        var command = RemoteCommand.Of(Words(unit)) with { AsRoot = true, Timeout = input.Timeout };
        var result = await _hosts.RunAsync(host, command, cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0) throw Explain(input, result);
        context.SayActed();
        return await WatchAsync(input, before, began, activity, context, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (mark is null) return Settlement.Unknown;
        var (seen, now) = await LookAsync(input.Host, input.Unit.Name, cancellationToken).ConfigureAwait(false);
        if (now != mark) return seen.State is UnitState.Active ? Settlement.Happened : Settlement.Unknown;
        // One that is being stopped may still be started.
        return seen.State is UnitState.Active ? Settlement.DidNotHappen : Settlement.Unknown;
    }

    private async Task<HostUnitDetail> WatchAsync(Input input, string before, long began, string activity, OperationContext context, CancellationToken cancellationToken)
    {
        var pause = s_firstPause;
        (string Mark, long Since)? up = null;
        for (; ; )
        {
            // Only a look that begins when the time is over proves that it was active until then.
            var isLast = input.Settle <= TimeSpan.Zero || (up is { } since && context.Time.GetElapsedTime(since.Since) >= input.Settle);
            var (seen, mark) = await LookAsync(input.Host, input.Unit.Name, cancellationToken).ConfigureAwait(false);
            var isNew = mark != before;
            // One that does its work and ends is done when systemctl returns well, and is forgotten then together with its run.
            if (seen is { State: UnitState.Inactive, Type: "oneshot", Result: "success", SubState: "dead" }) return seen;
            if (seen.State is UnitState.Failed or UnitState.Inactive) throw NotUp(seen, input);
            if (isNew && seen.State is UnitState.Active)
            {
                // Started again meanwhile, it did not stay up.
                if (up is { } first && first.Mark != mark) throw NotUp(seen, input);
                if (isLast) return seen;
                up ??= (mark, context.Time.GetTimestamp());
            }
            else if (up is not null)
            {
                throw NotUp(seen, input);
            }

            // Of one that is active the next look decides, however late it comes.
            var left = up is { } active ? input.Settle - context.Time.GetElapsedTime(active.Since) : input.Timeout - context.Time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero && up is null) throw isNew ? NotUp(seen, input) : NotRestarted(seen);
            context.Report(activity, up is null ? "waiting until it is active" : "watching whether it stays so");
            await Task.Delay(left <= TimeSpan.Zero ? TimeSpan.Zero : pause < left ? pause : left, context.Time, cancellationToken).ConfigureAwait(false);
            pause = pause * Growth < s_longestPause ? pause * Growth : s_longestPause;
        }
    }

    private async Task<(HostUnitDetail Unit, string Mark)> LookAsync(string host, string unit, CancellationToken cancellationToken)
    {
        var sections = await UnitReader.One.RunAsync(_hosts, host, cancellationToken, unit, "0").ConfigureAwait(false);
        return (UnitReader.ReadOne(sections), UnitReader.Mark(sections));
    }

    private static string[] Words(string unit) => ["systemctl", "restart", unit];

    private CommandDecision Decide(Input input, Face face)
    {
        var name = input.Unit.Name;
        var full = _commands.Decide(CommandLine.Of(Words(name)), input.Host, face);
        const string Service = ".service";
        if (!name.EndsWith(Service, StringComparison.Ordinal)) return full;
        // People write a service's name without its suffix. What either spelling is denied, neither is allowed.
        var bare = _commands.Decide(CommandLine.Of(Words(name[..^Service.Length])), input.Host, face);
        if (full.Rule is null) return bare.Rule is null ? full : bare;
        return bare.Rule is null || full.Verdict >= bare.Verdict ? full : bare;
    }

    // A command that no rule speaks of is denied; a unit that none speaks of is asked for.
    private static Finding Finding(Input input, CommandDecision decision) => decision.Rule is not null
        ? decision.ToFinding()
        : new Finding(
            Rules.Command,
            Requirement.Ask,
            $"no rule of policy.commands allows {CommandLine.Show(Words(input.Unit.Name))} on {input.Host}",
            $"Approve it, or add to policy.commands in the lab file: {{ run: [systemctl, restart, {input.Unit.Name}], on: [\"host:{input.Host}\"], root: true }}.");

    private static HomelabException Explain(Input input, RemoteResult result)
    {
        var (host, unit) = (input.Host, input.Unit.Name);
        var target = $"{unit}@{host}";
        if (RefusalText.IsDenied(result)) return HostErrors.Make(ErrorKind.Denied, "UnitDenied", $"The account on {host} may not restart {unit}{HostErrors.Said(result.Error)}.", RefusalText.WayOut(host, Words(unit)), target);
        return HostErrors.Make(
            ErrorKind.Failed, "UnitNotRestarted", $"Unit {target} could not be restarted{HostErrors.Said(result.Error)}.", $"Run Get-HlUnit {unit} {host} to see why.", target, nothingHappened: false);
    }

    private static HomelabException NotRestarted(HostUnitDetail seen) => HostErrors.Make(
        ErrorKind.Failed, "UnitNotRestarted", $"systemd said that unit {seen} was restarted, but it is the same run as before.", $"Run Get-HlUnit {seen.Name} {seen.Host} to see how it is.", seen.ToString(), nothingHappened: false);

    private static HomelabException NotUp(HostUnitDetail seen, Input input) => HostErrors.Make(
        ErrorKind.Failed,
        "UnitNotActive",
        $"Unit {seen} was restarted and does not stay up: it is {HomelabNames.Of(seen.State)} ({seen.SubState}){(seen.Result is "" or "success" ? "" : $", {seen.Result}")}{(seen.ExitCode is > 0 ? $", exit code {seen.ExitCode}" : "")}.",
        $"Run Get-HlJournal {input.Host} -Unit {seen.Name} to see why.",
        seen.ToString(),
        nothingHappened: false);
}
