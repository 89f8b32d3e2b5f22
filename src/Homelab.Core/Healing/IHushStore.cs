namespace Homelab;

/// <summary>Where hushes are kept. Every write is on disk when it returns.</summary>
public interface IHushStore
{
    /// <summary>Writes a hush, replaced by id. One that is known keeps its owner: only <see cref="ClaimHushAsync"/> changes it.</summary>
    Task SaveHushAsync(Hush hush, CancellationToken cancellationToken);

    /// <summary>Hushes that are not undone, oldest first.</summary>
    Task<IReadOnlyList<Hush>> ListOpenHushesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes this process the one that undoes a hush: its state as it is now when it was this process's, a dead one's, or past its time by <paramref name="now"/>; null when it is not
    /// open any more, or somebody else looks after it.
    /// </summary>
    Task<Hush?> ClaimHushAsync(string id, DateTimeOffset now, CancellationToken cancellationToken);
}
