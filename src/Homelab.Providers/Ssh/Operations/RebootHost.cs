using System.ComponentModel;

namespace Homelab.Providers.Ssh;

/// <summary>Restarts a host and follows it until it is back, with another start than before.</summary>
/// <remarks>
/// <c>systemctl reboot</c>, without systemd <c>reboot</c>, over SSH, through <c>sudo -n</c> where the host's <c>ssh.sudo</c> says so; then the kernel's boot id and the start of the first
/// process, until they are others.
/// </remarks>
[Operation("host_reboot", Level.Manage, Risk.Disrupt, Patience = "70m")]
[Description("Restarts a host and waits until it is back and proves to be started anew. Everything on it is interrupted.")]
[Example("Restart-HlHost nas", "Restart one host, and wait until it is back.")]
[Example("Get-HlHost | Where-Object RebootPending | Restart-HlHost -Timeout 10m", "Restart those that want it, one after the other.")]
public sealed class RebootHost(IRemoteHosts hosts) : Change<RebootHost.Input, HostSystem>
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    // The command only hands the wish over; what comes after it is seen.
    private static readonly TimeSpan s_handOver = TimeSpan.FromSeconds(30);

    private static readonly string[] s_bySystemd = ["systemctl", "reboot"];
    private static readonly string[] s_byHand = ["reboot"];

    // They share their kernel, and so its boot id, with others.
    private static readonly string[] s_containers = ["lxc", "lxc-libvirt", "docker", "podman", "systemd-nspawn", "openvz", "rkt", "proot", "pouch", "container-other"];

    /// <summary>What to restart.</summary>
    public sealed record Input
    {
        /// <summary>The host.</summary>
        [Subject, NameOf("host"), Description("The host as the lab file names it.")]
        public required string Host { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take until it is back."), DurationRange("10s", "1h")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Restart host", new Target("host", input.Host));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var host = HostRound.Named(hosts, input.Host);
        var (seen, mark) = await LookAsync(host, cancellationToken).ConfigureAwait(false);
        return new Prepared<Input>(input with { Host = host }, mark)
        {
            World = $"start {mark}",
            Aliases = seen.HostName.Length > 0 && seen.HostName != host ? [seen.HostName] : [],
            Findings = IsOurs(seen, mark) ? [new Finding(Rules.Self, Requirement.AskTwice, $"{host} is the machine that this program runs on", "Two confirmations are needed. Do it by hand, on the machine itself.")] : [],
        };
    }

    /// <inheritdoc/>
    protected override async Task<HostSystem> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var (seen, now) = await LookAsync(input.Host, cancellationToken).ConfigureAwait(false);
        var before = context.Mark ?? now;
        if (now != before) throw HostErrors.Make(ErrorKind.Conflict, "HostRestartedMeanwhile", $"{input.Host} was started anew since it was looked at, {Duration.Format(seen.Uptime ?? TimeSpan.Zero)} ago.", "Ask again if it is to be restarted once more.", input.Host);
        var activity = $"Restarting {input.Host}";
        var began = context.Time.GetTimestamp();
        context.Report(activity, "asking it to");
        await HandOverAsync(input.Host, seen.State.Length > 0 ? s_bySystemd : s_byHand, context, cancellationToken).ConfigureAwait(false);
        return await FollowAsync(input, before, began, activity, context, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (mark is null) return Settlement.Unknown;
        var (seen, now) = await LookAsync(input.Host, cancellationToken).ConfigureAwait(false);
        if (now != mark) return Settlement.Happened;
        // systemd says so from the wish on; without it, one that answers may be on its way down.
        return seen.State is "running" or "degraded" ? Settlement.DidNotHappen : Settlement.Unknown;
    }

    private async Task HandOverAsync(string host, string[] words, OperationContext context, CancellationToken cancellationToken)
    {
        try
        {
            var result = await hosts.RunAsync(host, RemoteCommand.Of(words) with { AsRoot = true, Timeout = s_handOver }, cancellationToken).ConfigureAwait(false);
            if (result.ExitCode != 0 && RefusalText.IsDenied(result)) throw HostErrors.Make(ErrorKind.Denied, "RebootDenied", $"The account on {host} may not restart it{HostErrors.Said(result.Error)}.", RefusalText.WayOut(host, words), host);
            // A signal is the host's own going down.
            if (result.ExitCode is not 0 and < 128) throw HostErrors.Make(ErrorKind.Failed, "RebootRefused", $"{host} did not take the wish to restart: code {result.ExitCode}{HostErrors.Said(result.Error)}.", "Log in there and see what holds it.", host, nothingHappened: false);
        }
        catch (HomelabException e) when (e.Kind is ErrorKind.Unavailable or ErrorKind.Timeout && !e.NothingHappened)
        {
            // It went down before it could answer, or it did not hear: which of the two, its next start tells.
            context.Report($"Restarting {host}", "the connection ended");
        }

        context.SayActed();
    }

    private async Task<HostSystem> FollowAsync(Input input, string before, long began, string activity, OperationContext context, CancellationToken cancellationToken)
    {
        HomelabException? silence = null;
        for (; ; )
        {
            var left = input.Timeout - context.Time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero) throw silence is null ? NotRebooted(input) : NotBack(input, silence);
            await Task.Delay(s_pause < left ? s_pause : left, context.Time, cancellationToken).ConfigureAwait(false);
            try
            {
                var (seen, mark) = await LookAsync(input.Host, cancellationToken).ConfigureAwait(false);
                if (mark != before) return seen;
                silence = null;
                context.Report(activity, "it is going down", Fraction(left));
            }
            catch (HomelabException e) when (IsSilence(e))
            {
                silence = e;
                context.Report(activity, "waiting until it is back", Fraction(left));
            }
        }

        double Fraction(TimeSpan left) => Math.Clamp(1 - (left / input.Timeout), 0, 1);
    }

    // One that comes up answers late, half, or turns logins away for a moment; another key than before is none of that.
    private static bool IsSilence(HomelabException e) => e.Kind is ErrorKind.Unavailable or ErrorKind.Timeout || e.Id is "SshDenied" or "HostAnswerUnreadable" or "HostUnsupported";

    private async Task<(HostSystem System, string Mark)> LookAsync(string host, CancellationToken cancellationToken)
    {
        var sections = await SystemReader.Script.RunAsync(hosts, host, cancellationToken).ConfigureAwait(false);
        return (SystemReader.Read(sections), SystemReader.BootMark(sections) ?? throw HostErrors.Unreadable(host, "it has no boot id, so that nobody could tell its starts apart"));
    }

    // The same kernel is the same machine, unless the host is one of several containers on it: then the first process tells.
    private static bool IsOurs(HostSystem seen, string mark) =>
        OwnBoot.Mark is { } own && (own == mark || (own.Split(' ')[0] == seen.BootId && !s_containers.Contains(seen.Virtualization, StringComparer.Ordinal)));

    private static HomelabException NotRebooted(Input input) => HostErrors.Make(
        ErrorKind.Failed, "HostNotRebooted", $"{input.Host} took the wish to restart, and {Duration.Format(input.Timeout)} later it still is in the same run as before.", "Log in there and see what holds it.", input.Host, nothingHappened: false);

    private static HomelabException NotBack(Input input, HomelabException silence)
    {
        const string WayOut = "Look at the machine itself, or at its console.";
        return new HomelabException(ErrorKind.Timeout, "HostNotBack", $"{input.Host} went down and was not back within {Duration.Format(input.Timeout)}: {silence.What} {WayOut}", input.Host, silence) { WayOut = WayOut };
    }
}
