using System.Runtime.CompilerServices;

namespace Homelab;

/// <summary>Reads the audit as it grows.</summary>
public static class AuditReading
{
    /// <summary>Every line from one on, and every further one as it is written, by whatever process, until cancelled.</summary>
    /// <param name="store">The store.</param>
    /// <param name="fromSequence">The first line.</param>
    /// <param name="every">How often it is looked for new lines.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it; the only way it ends.</param>
    public static async IAsyncEnumerable<AuditEntry> FollowAuditAsync(this IGateStore store, long fromSequence, TimeSpan every, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        while (true)
        {
            await foreach (var line in store.ReadAuditAsync(fromSequence, cancellationToken).ConfigureAwait(false))
            {
                yield return line;
                fromSequence = line.Sequence + 1;
            }

            await Task.Delay(every, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
