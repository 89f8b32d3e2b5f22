namespace Homelab;

/// <summary>
/// Who works on what. On one machine a process lives or does not; of other machines a store knows only that a process has said in time that it lives. That is
/// its lease: when it is over, others take over what the process owned, and the process itself begins nothing any more that it owned until then.
/// </summary>
public interface ILeaseStore
{
    /// <summary>The name under which this process owns what it works on.</summary>
    string Owner { get; }

    /// <summary>How often to look for what was left by processes that are gone.</summary>
    TimeSpan TakeOverEvery { get; }

    /// <summary>
    /// The term of the lease that runs, and runs for a while yet; 0 when none does. Answered at once from what is known here, so that it can be asked at the last moment
    /// before something is done: what was owned in one term may have been another process's before the next one began.
    /// </summary>
    int LeaseTerm { get; }

    /// <summary>True while the process of this name may still be at work.</summary>
    Task<bool> IsAliveAsync(string owner, CancellationToken cancellationToken);
}
