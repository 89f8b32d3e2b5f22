namespace Homelab.Providers.TrueNas;

/// <summary>
/// Keeps logins from becoming a loop: TrueNAS lets nobody in from an address for ten minutes that has logged in more than 20 times in one. A refusal holds for a while, and only so many logins are
/// made in a minute, whoever asks.
/// </summary>
/// <remarks>truenas/middleware: <c>utils/rate_limit/cache.py</c>: 20 calls in 60 seconds.</remarks>
internal sealed class LoginTurns(TimeProvider time)
{
    private const int MostInAMinute = 6;
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly Queue<long> _taken = new();
    private (HomelabException Error, long At, TimeSpan For)? _refused;

    /// <summary>Looks whether a login would be made at all.</summary>
    /// <exception cref="HomelabException">What the last login was refused for, while that holds.</exception>
    internal void Look()
    {
        if (_refused is not { } refused) return;
        var left = refused.For - time.GetElapsedTime(refused.At);
        if (left > TimeSpan.Zero) throw Again(refused.Error, left);
        _refused = null;
    }

    /// <summary>Takes a turn.</summary>
    /// <exception cref="HomelabException"><c>TrueNasLoginHeld</c> (Unavailable) when there were too many.</exception>
    internal void Take()
    {
        while (_taken.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= s_minute) _taken.Dequeue();
        if (_taken.Count >= MostInAMinute) throw Held(s_minute - time.GetElapsedTime(_taken.Peek()));
        _taken.Enqueue(time.GetTimestamp());
    }

    /// <summary>The login was refused: nobody tries again for so long.</summary>
    internal void Refuse(HomelabException error, TimeSpan hold) => _refused = (error, time.GetTimestamp(), hold);

    private static HomelabException Again(HomelabException error, TimeSpan left) =>
        new(error.Kind, error.Id, error.Message, error.Target, error) { WayOut = error.WayOut, NothingHappened = true, RetryAfter = left };

    private static HomelabException Held(TimeSpan left)
    {
        const string WayOut = "Its connection is lost again and again: look whether it, or a proxy before it, is being restarted.";
        var what = $"TrueNAS was logged in to {MostInAMinute} times within a minute, and is left alone for {Duration.Format(TimeSpan.FromSeconds(Math.Ceiling(left.TotalSeconds)))} so that it does not lock us out.";
        return new HomelabException(ErrorKind.Unavailable, "TrueNasLoginHeld", $"{what} {WayOut}", TrueNasNames.Provider) { WayOut = WayOut, NothingHappened = true, RetryAfter = left };
    }
}
