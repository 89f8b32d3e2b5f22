using System.Threading.RateLimiting;

namespace Homelab.Host.Web.Access;

/// <summary>How often each credential may call, where it has a limit of its own.</summary>
internal sealed class CallRates : IAsyncDisposable
{
    private const int Segments = 6;

    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<Rate> _limiter = PartitionedRateLimiter.Create<Rate, Rate>(static rate => RateLimitPartition.GetSlidingWindowLimiter(rate, static r => new SlidingWindowRateLimiterOptions
    {
        PermitLimit = r.PerMinute,
        Window = s_window,
        SegmentsPerWindow = Segments,
        QueueLimit = 0,
    }));

    /// <summary>Counts a call.</summary>
    /// <returns>Null when it may go on; else how long to wait.</returns>
    internal TimeSpan? Take(string credential, int perMinute)
    {
        if (perMinute == 0) return null;
        using var lease = _limiter.AttemptAcquire(new Rate(credential, perMinute));
        if (lease.IsAcquired) return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) && wait > TimeSpan.Zero ? wait : s_window / Segments;
    }

    public ValueTask DisposeAsync() => _limiter.DisposeAsync();

    private sealed record Rate(string Credential, int PerMinute);
}
