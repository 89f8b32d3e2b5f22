using System.Collections.Concurrent;

namespace Homelab.Composition.Access;

/// <summary>
/// Looks keys and tokens up by what was shown, and remembers them for a moment, so that a door need not ask the disk for each call. What is taken back in this process
/// is forgotten at once; what another one takes back, within <see cref="Span"/>.
/// </summary>
public sealed class CredentialCache(ICredentialStore store, TimeProvider time)
{
    // Far more than a lab has; only our memory must not grow.
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, Remembered> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _noted = new(StringComparer.Ordinal);
    private int _generation;

    /// <summary>How long what was found is remembered.</summary>
    public static TimeSpan Span { get; } = TimeSpan.FromSeconds(2);

    /// <summary>How often it is written down that a key is in use.</summary>
    public static TimeSpan NoteEvery { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Raised when something was taken back in this process.</summary>
    public event EventHandler? Forgotten;

    /// <summary>The key that was shown, whether or not it still holds; null where there is none.</summary>
    public async ValueTask<ApiKey?> FindKeyAsync(string secret, CancellationToken cancellationToken) =>
        (ApiKey?)await FindAsync(secret, async hash => await store.FindKeyAsync(hash, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>The token that was shown, whether or not it still holds; null where there is none.</summary>
    public async ValueTask<AccessGrant?> FindGrantAsync(string secret, CancellationToken cancellationToken) =>
        (AccessGrant?)await FindAsync(secret, async hash => await store.FindGrantAsync(hash, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>Writes down that a key is in use, at most once in <see cref="NoteEvery"/>.</summary>
    public async ValueTask NoteUseAsync(ApiKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        var now = time.GetTimestamp();
        if (_noted.TryGetValue(key.Hash, out var last) && time.GetElapsedTime(last, now) < NoteEvery) return;
        _noted[key.Hash] = now;
        await store.TouchKeyAsync(key.Hash, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Something was taken back: whatever is shown from now on is looked up anew.</summary>
    public void Forget()
    {
        // What is being looked up at this moment may be older than what was taken back: it is remembered as of the generation before, and so not at all.
        Interlocked.Increment(ref _generation);
        _known.Clear();
        Forgotten?.Invoke(this, EventArgs.Empty);
    }

    private async ValueTask<object?> FindAsync(string secret, Func<string, Task<object?>> look)
    {
        var hash = CredentialSecret.HashOf(secret);
        var generation = Volatile.Read(ref _generation);
        if (_known.TryGetValue(hash, out var remembered) && remembered.Generation == generation && time.GetElapsedTime(remembered.At) < Span) return remembered.Credential;
        var at = time.GetTimestamp();
        // What is not there is not remembered: whoever guesses must not fill the memory.
        if (await look(hash).ConfigureAwait(false) is not { } found) return null;
        if (_known.Count >= Most) _known.Clear();
        _known[hash] = new Remembered(found, generation, at);
        return found;
    }

    private sealed record Remembered(object Credential, int Generation, long At);
}
