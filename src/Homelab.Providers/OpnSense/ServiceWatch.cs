namespace Homelab.Providers.OpnSense;

/// <summary>Watches a service after its restart was asked for, until it was seen to run and to stay so.</summary>
internal sealed class ServiceWatch(OpnSenseClient client, string service, ServiceMark before, OperationContext context)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);
    private const double Growth = 1.6;
    private const string Look = "Look at it there: System, Log Files, Backend, and the service's own log.";

    internal async Task<FirewallService> UntilUpAsync(TimeSpan timeout, TimeSpan settle, string activity, long began, HomelabException? lost, CancellationToken cancellationToken)
    {
        var pause = s_firstPause;
        long? upSince = null;
        IReadOnlySet<int>? first = null;
        for (; ; )
        {
            var (seen, now) = await TryLookAsync(cancellationToken).ConfigureAwait(false);
            if (seen is { Running: true })
            {
                var restarted = now!.Since(before);
                if (restarted is not false)
                {
                    // One that is started again and again runs whenever it is looked at, each time as another process.
                    if (first is { Count: > 0 } && now.Processes is { Count: > 0 } current && !current.Overlaps(first)) throw NotUp();
                    upSince ??= context.Time.GetTimestamp();
                    first ??= now.Processes;
                    if (context.Time.GetElapsedTime(upSince.Value) >= settle) return End(seen, restarted, lost);
                }
            }
            else if (seen is not null && upSince is not null)
            {
                throw NotUp();
            }

            var left = timeout + (upSince is null ? TimeSpan.Zero : settle) - context.Time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero) throw Late(seen, timeout, lost);
            context.Report(activity, seen is null ? "waiting until the firewall answers" : upSince is null ? "waiting until it runs anew" : "watching whether it stays so");
            await Task.Delay(pause < left ? pause : left, context.Time, cancellationToken).ConfigureAwait(false);
            pause = pause * Growth < s_longestPause ? pause * Growth : s_longestPause;
        }
    }

    // While its web server restarts it does not answer; nobody is asked for so long as it does not.
    private async Task<(FirewallService? Service, ServiceMark? Mark)> TryLookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var seen = await client.FindServiceAsync(service, cancellationToken).ConfigureAwait(false);
            // Only where they could be seen before is there something to compare.
            var processes = before.Processes is null ? null : await client.FindProcessesAsync(service, cancellationToken).ConfigureAwait(false);
            return (seen, new ServiceMark(seen.Running, processes));
        }
        catch (HomelabException e) when (e.Kind is ErrorKind.Unavailable or ErrorKind.Timeout)
        {
            return (null, null);
        }
    }

    private FirewallService End(FirewallService seen, bool? restarted, HomelabException? lost)
    {
        if (restarted is true) return seen;
        // That it runs, as it did before, says nothing.
        throw Unclear(lost?.What ?? "OPNsense answered ok and says that it runs, as before, and no process of its name shows.", lost);
    }

    private HomelabException Late(FirewallService? seen, TimeSpan timeout, HomelabException? lost)
    {
        if (seen is null) return Unclear(lost?.What ?? "the firewall has not answered since.", lost);
        if (!seen.Running) return NotUp();
        var what = $"OPNsense answered ok, and {service} was not started anew within {Duration.Format(timeout)}: its processes are those of before.";
        return lost is not null ? Unclear(lost.What, lost) : new HomelabException(ErrorKind.Failed, "FirewallServiceNotRestarted", $"{what} {Look}", service) { WayOut = Look };
    }

    private HomelabException NotUp() =>
        new(ErrorKind.Failed, "FirewallServiceNotRunning", $"OPNsense took the restart of {service}, and it does not run{(before.Running ? "" : " any more than before")}. {Look}", service) { WayOut = Look };

    private HomelabException Unclear(string why, HomelabException? lost)
    {
        var wayOut = $"Run Get-HlFirewallService {service} to see how it is.";
        return new HomelabException(ErrorKind.Unavailable, "FirewallServiceUnclear", $"Whether {service} was restarted is not known: {why} {wayOut}", service, lost) { WayOut = wayOut };
    }
}
