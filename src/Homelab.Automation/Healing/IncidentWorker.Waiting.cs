using System.Threading.Channels;

namespace Homelab.Automation.Healing;

/// <content>Waiting for the time to act, and what ends it early.</content>
internal sealed partial class IncidentWorker
{
    private readonly Channel<bool> _hurry = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile bool _isUrgent;

    /// <summary>Ends its present or next wait for its time: something urgent needs it.</summary>
    internal void Hurry()
    {
        _isUrgent = true;
        Nudge();
    }

    /// <summary>Lets it look before its time: something about the service has changed. That is no reason to act before it.</summary>
    internal void Nudge() => _hurry.Writer.TryWrite(true);

    /// <summary>Waits for the time to act. True when the incident is closed, because the service came back meanwhile.</summary>
    private async Task<bool> WaitForItsTimeAsync(CancellationToken cancellationToken)
    {
        // It was given so long from its beginning, and gets no more when the clock is set back.
        var rest = new Countdown(Shorter(_incident.DueAt - context.Now, _incident.DueAt - _incident.OpenedAt), context.Time);
        if (rest.IsOver || _isUrgent) return false;
        Tell(HealingEventKind.IncidentWaits, $"acts at {context.Now + rest.Left:HH:mm:ss}, unless it comes back by itself");
        while (!rest.IsOver && !_isUrgent && !IsFlapping)
        {
            var isNudged = await WaitAsync(rest.Left, cancellationToken).ConfigureAwait(false) && !_isUrgent && LooksFirst;
            if (isNudged && await IsUpAsync(cancellationToken).ConfigureAwait(false) && await CloseIfProvedAsync(ChosenRunbook, "back by itself; nothing was done", cancellationToken).ConfigureAwait(false)) return true;
        }

        return false;
    }

    /// <summary>Waits for its time; ends early, with true, when it is hurried.</summary>
    private async Task<bool> WaitAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_hurry.Reader.WaitToReadAsync(done.Token).AsTask(), Task.Delay(length, context.Time, done.Token)).ConfigureAwait(false);
        await done.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return _hurry.Reader.TryRead(out _);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    // A pause is part of the work: what settles must settle, whoever says meanwhile that it is up.
    private Task PauseAsync(TimeSpan length, CancellationToken cancellationToken) =>
        length <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(length, context.Time, cancellationToken);
}
