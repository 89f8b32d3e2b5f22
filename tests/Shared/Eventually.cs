namespace Homelab.Tests;

/// <summary>Waits for something that another process or the network brings about: asks again and again, until it holds or the time is up.</summary>
public static class Eventually
{
    // Protects from hanging only: on a busy machine everything takes long.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns when it holds.</summary>
    /// <exception cref="TimeoutException">It did not hold in time; says what was waited for.</exception>
    public static async Task HoldsAsync(string what, Func<Task<bool>> condition, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var deadline = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(s_every);
        do
        {
            if (await condition()) return;
            if (TimeProvider.System.GetElapsedTime(deadline) > (patience ?? s_patience)) throw new TimeoutException($"Not in time: {what}.");
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }
}
