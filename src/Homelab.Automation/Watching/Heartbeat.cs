using Homelab.Automation.Healing;

namespace Homelab.Automation.Watching;

/// <summary>
/// The watcher watched: writes a sign of life down at intervals, tells whoever listens for it, and tells people at the start when there was none for a while.
/// </summary>
/// <param name="context">What all parts of healing share.</param>
/// <param name="pulses">Where the sign of life is kept: that it can be written is the proof that the state can.</param>
/// <param name="sinks">Who raises an alarm when nothing comes any more.</param>
/// <param name="every">The interval.</param>
public sealed class Heartbeat(HealingContext context, IPulseStore pulses, IReadOnlyList<IHeartbeatSink> sinks, TimeSpan every)
{
    // So many beats may be missed: one slow disk is no standstill.
    private const int Missed = 4;

    // A restart takes a moment; nobody needs to hear of that.
    private static readonly TimeSpan s_restart = TimeSpan.FromMinutes(2);

    /// <summary>Writes the first sign of life, and tells people when the last one is too long ago.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        var now = context.Now;
        var last = await pulses.BeatAsync(new Pulse(context.Store.Owner, now, HasStopped: false), cancellationToken).ConfigureAwait(false);
        context.Vitals.Report("state", true, "can be written", every * Missed);
        var longest = last is { HasStopped: true } ? s_restart : every * Missed > s_restart ? every * Missed : s_restart;
        if (last is null || now - last.At <= longest) return;
        var how = last.HasStopped ? "was stopped" : "ended without a word (killed, or the machine went down)";
        var text = $"⏸️ Nobody watched over the lab from {last.At:u} to {now:u}, for {Duration.Format(TimeSpan.FromSeconds(Math.Round((now - last.At).TotalSeconds)))}.\n"
            + $"homelab {how}. Alerts of that time may never have come in: look whether all is well.";
        await context.Store.SaveAsync(new HealingChange { Notices = [new Notice { Id = $"standstill/{last.At.UtcTicks}", Incident = "", Text = text, CreatedAt = now }] }, cancellationToken).ConfigureAwait(false);
        context.Outbox.Wake();
        context.Tell(HealingEventKind.Trouble, "", "", $"nobody watched over the lab since {last.At:u}");
    }

    /// <summary>Beats until cancelled, and says with its last beat that it stops.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(every, context.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested) break;
            await WriteAsync(hasStopped: false).ConfigureAwait(false);
            await TellAsync(cancellationToken).ConfigureAwait(false);
        }

        await WriteAsync(hasStopped: true).ConfigureAwait(false);
    }

    private async Task WriteAsync(bool hasStopped)
    {
        try
        {
            await pulses.BeatAsync(new Pulse(context.Store.Owner, context.Now, hasStopped), CancellationToken.None).ConfigureAwait(false);
            context.Vitals.Report("state", true, "can be written", every * Missed);
        }
        catch (HomelabException e)
        {
            context.Vitals.Report("state", false, e.Message, every * Missed);
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        var unwell = context.Vitals.Read().Where(static p => !p.IsWell && !p.Part.StartsWith("heartbeat:", StringComparison.Ordinal)).ToArray();
        var (status, message) = unwell.Length == 0 ? ("up", "well") : ("down", string.Join("; ", unwell.Select(static p => $"{p.Part}: {p.Detail}")));
        await Task.WhenAll(sinks.Select(TellOneAsync)).ConfigureAwait(false);

        async Task TellOneAsync(IHeartbeatSink sink)
        {
            try
            {
                await sink.BeatAsync(status, message, ping: null, cancellationToken).ConfigureAwait(false);
                context.Vitals.Report($"heartbeat:{sink.Name}", true, "is told", every * Missed);
            }
            catch (HomelabException e)
            {
                context.Vitals.Report($"heartbeat:{sink.Name}", false, e.Message, every * Missed);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Stopping; the last beat says so.
            }
        }
    }
}
