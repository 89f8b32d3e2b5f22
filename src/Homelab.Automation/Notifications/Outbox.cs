using System.Threading.Channels;
using Homelab.Automation.Healing;

namespace Homelab.Automation.Notifications;

/// <summary>
/// Sends what was written down for people, and tries until it is sent. A message may arrive twice when the process dies between sending it and noting
/// that; it never gets lost.
/// </summary>
internal sealed class Outbox(HealingContext context, IEnumerable<INotifier> notifiers)
{
    private static readonly TimeSpan s_longestBackoff = TimeSpan.FromMinutes(1);

    private readonly IReadOnlyList<INotifier> _notifiers = [.. notifiers];
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private volatile bool _isBackingOff;

    /// <summary>True once a loop of this process sends whatever is written down.</summary>
    internal bool IsRunning { get; private set; }

    /// <summary>Says that something new is to be sent.</summary>
    internal void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Says so when a process that is gone has left something to send. While sending fails, it is tried again anyhow, at its own pace.</summary>
    internal async Task WakeForLeftAsync(CancellationToken cancellationToken)
    {
        if (IsRunning && !_isBackingOff && (await context.Store.ListUnsentAsync(cancellationToken).ConfigureAwait(false)).Count > 0) Wake();
    }

    /// <summary>Sends from here on, until cancelled.</summary>
    internal Task BeginAsync(CancellationToken cancellationToken)
    {
        IsRunning = true;
        return Task.Run(() => RunAsync(cancellationToken), CancellationToken.None);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            failures = await TrySendAllAsync(cancellationToken).ConfigureAwait(false) ? 0 : failures + 1;
            _isBackingOff = failures > 0;
            using var again = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task woken = _wake.Reader.ReadAsync(again.Token).AsTask();
            if (failures == 0)
            {
                await woken.ConfigureAwait(false);
                continue;
            }

            var backoff = context.Tempo.NoticeBackoff * Math.Pow(2, Math.Min(failures - 1, 10));
            await Task.WhenAny(woken, Task.Delay(backoff < s_longestBackoff ? backoff : s_longestBackoff, context.Time, again.Token)).ConfigureAwait(false);
            await again.CancelAsync().ConfigureAwait(false);
            await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Sends once what concerns these incidents or runs; what cannot be sent is left to whoever sends next.</summary>
    internal async Task SendOfAsync(IReadOnlySet<string> ids, CancellationToken cancellationToken)
    {
        var term = context.Store.LeaseTerm;
        foreach (var notice in await context.Store.ClaimUnsentAsync(ids, cancellationToken).ConfigureAwait(false)) await SendAsync(notice, term, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> TrySendAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await SendAllAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The store, or a notifier in a way it should not: people must still be told of everything that comes after.
            context.Vitals.Report("messages", false, e.Message);
            context.Tell(HealingEventKind.Trouble, "", "", $"messages could not be sent: {e.GetType().Name}: {e.Message}");
            return false;
        }
    }

    private async Task<bool> SendAllAsync(CancellationToken cancellationToken)
    {
        var all = true;
        var term = context.Store.LeaseTerm;
        context.Vitals.Report("messages", true, "are sent");
        foreach (var notice in await context.Store.ClaimUnsentAsync(of: null, cancellationToken).ConfigureAwait(false))
        {
            all &= await SendAsync(notice, term, cancellationToken).ConfigureAwait(false);
        }

        return all;
    }

    private async Task<bool> SendAsync(Notice notice, int term, CancellationToken cancellationToken)
    {
        // Frozen since it was claimed: another process may have sent it meanwhile.
        if (term == 0 || context.Store.LeaseTerm != term) return false;
        try
        {
            foreach (var notifier in _notifiers) await notifier.SendAsync(notice.Text, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e)
        {
            context.Vitals.Report("messages", false, e.Message);
            context.Tell(HealingEventKind.NoticeFailed, "", notice.Incident, $"{e.Id}: {e.Message}");
            await context.Store.SaveAsync(new HealingChange { Notices = [notice with { Failures = notice.Failures + 1 }] }, cancellationToken).ConfigureAwait(false);
            return false;
        }

        await context.Store.SaveAsync(new HealingChange { Notices = [notice with { SentAt = context.Now }] }, CancellationToken.None).ConfigureAwait(false);
        context.Tell(HealingEventKind.NoticeSent, "", notice.Incident, notice.Text);
        return true;
    }
}
