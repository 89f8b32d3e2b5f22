using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Homelab.Automation.Healing;

/// <summary>
/// Undoes what was left hushed: by a process that has died, by an undoing that failed, or beyond its time. It tries until it is undone, and tells people when
/// that takes long.
/// </summary>
internal sealed class HushKeeper(HealingContext context, HushDesk hushes)
{
    // The first failures may be the very outage that is healed.
    private const int FailuresToTell = 3;
    private static readonly TimeSpan s_longestBackoff = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _again = new(StringComparer.Ordinal);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Says that something was left hushed.</summary>
    internal void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Looks after it from here on, until cancelled.</summary>
    internal Task BeginAsync(CancellationToken cancellationToken) => Task.Run(() => RunAsync(cancellationToken), CancellationToken.None);

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var next = await TryPassAsync(cancellationToken).ConfigureAwait(false);
            using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var wait = next - context.Now;
            await Task.WhenAny(_wake.Reader.ReadAsync(done.Token).AsTask(), Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, context.Time, done.Token)).ConfigureAwait(false);
            await done.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task<DateTimeOffset> TryPassAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await PassAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            context.Tell(HealingEventKind.Trouble, "", "", $"what is hushed could not be looked after: {e.GetType().Name}: {e.Message}");
            return context.Now + context.Tempo.HushPoll;
        }
        catch (OperationCanceledException)
        {
            return context.Now;
        }
    }

    /// <summary>One look at all that is hushed; returns when to look again.</summary>
    private async Task<DateTimeOffset> PassAsync(CancellationToken cancellationToken)
    {
        // Processes that only answer requests may leave something behind as well.
        var next = context.Now + context.Tempo.HushPoll;
        foreach (var hush in await context.Store.ListOpenHushesAsync(cancellationToken).ConfigureAwait(false))
        {
            var due = await DueAtAsync(hush, cancellationToken).ConfigureAwait(false);
            if (due <= context.Now) due = await UndoAsync(hush, cancellationToken).ConfigureAwait(false);
            if (due < next) next = due;
        }

        return next;
    }

    private async Task<DateTimeOffset> DueAtAsync(Hush hush, CancellationToken cancellationToken)
    {
        if (_again.TryGetValue(hush.Id, out var again)) return again;
        // While its maker lives and works, its own time is the end.
        var isWanted = hush.Owner == context.Store.Owner ? hushes.IsHeld(hush.Id) : await context.Store.IsAliveAsync(hush.Owner, cancellationToken).ConfigureAwait(false);
        return isWanted ? hush.Until : context.Now;
    }

    private async Task<DateTimeOffset> UndoAsync(Hush hush, CancellationToken cancellationToken)
    {
        if (await hushes.UndoAsync(hush.Id, cancellationToken).ConfigureAwait(false) is not { } after) return DateTimeOffset.MaxValue;
        var incident = after.Caller.Incident ?? "";
        if (!after.IsOpen)
        {
            _again.TryRemove(after.Id, out _);
            if (after.Status == HushStatus.Undone) context.Tell(HealingEventKind.Checked, after.Service, incident, $"{after} was left hushed, and is not any more");
            if (after.Failures >= FailuresToTell) await TellPeopleAsync(after, "over", $"✅ {after.Service}: {after} is watched again.", cancellationToken).ConfigureAwait(false);
            return DateTimeOffset.MaxValue;
        }

        context.Tell(HealingEventKind.Trouble, after.Service, incident, $"{after} is still hushed: {after.Error}");
        if (after.Failures == FailuresToTell) await TellPeopleAsync(after, "stuck", $"🔇 {after.Service}: {after} is still hushed, so nobody is told if it fails.\nWhy: {after.Error}\nIt is tried again until it works.", cancellationToken).ConfigureAwait(false);
        var backoff = context.Tempo.HushBackoff * Math.Pow(2, Math.Min(after.Failures - 1, 10));
        return _again[after.Id] = context.Now + (backoff < s_longestBackoff ? backoff : s_longestBackoff);
    }

    private async Task TellPeopleAsync(Hush hush, string what, string text, CancellationToken cancellationToken)
    {
        var notice = new Notice { Id = $"{hush.Id}/{what}", Incident = hush.Caller.Incident ?? hush.Caller.Run ?? "", Text = text, CreatedAt = context.Now };
        await context.Store.SaveAsync(new HealingChange { Notices = [notice] }, cancellationToken).ConfigureAwait(false);
        context.Outbox.Wake();
    }
}
