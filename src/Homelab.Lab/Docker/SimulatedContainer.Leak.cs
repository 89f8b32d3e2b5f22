namespace Homelab.Lab.Docker;

public sealed partial class SimulatedContainer
{
    private long? _leaked;
    private bool _leaksAgain;

    /// <summary>Memory in bytes that it seems to use while it runs.</summary>
    public long MemoryUsed => _leaked ?? Spec.MemoryUsed;

    /// <summary>Uses so much from now on, as if it never gave anything back, until it is started anew.</summary>
    /// <param name="bytes">What it uses.</param>
    /// <param name="again">True to use as much again after each start.</param>
    public void Leak(long bytes, bool again = false)
    {
        lock (_lock)
        {
            _leaked = bytes;
            _leaksAgain = again;
        }
    }

    // Called with the lock held.
    private void GiveBack()
    {
        if (!_leaksAgain) _leaked = null;
    }
}
