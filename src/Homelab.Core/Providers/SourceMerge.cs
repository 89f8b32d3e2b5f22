using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace Homelab;

/// <summary>Asks several sources at once, engines or hosts, and tells what they say as it comes.</summary>
public static class SourceMerge
{
    // The reader sets the pace; sources wait.
    private const int Ahead = 64;

    /// <summary>Items of all sources.</summary>
    /// <param name="sources">At least one.</param>
    /// <param name="ask">What to ask each.</param>
    /// <param name="several">Makes one failure of those of several sources.</param>
    /// <param name="endless">
    /// False where each source comes to an end: one that fails does not keep the others from being told, and its failure comes last. True where none does:
    /// the first failure ends it all, because nobody would ever hear of it otherwise.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException">What the source threw; that of <paramref name="several"/> where more than one failed.</exception>
    public static async IAsyncEnumerable<T> MergeAsync<TSource, T>(
        IReadOnlyList<TSource> sources,
        Func<TSource, CancellationToken, IAsyncEnumerable<T>> ask,
        Func<IReadOnlyList<HomelabException>, HomelabException> several,
        bool endless,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(ask);
        ArgumentNullException.ThrowIfNull(several);
        if (sources.Count == 1)
        {
            await foreach (var item in ask(sources[0], cancellationToken).ConfigureAwait(false)) yield return item;
            yield break;
        }

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var items = Channel.CreateBounded<T>(Ahead);
        var failures = new List<HomelabException>();
        var asking = AskAllAsync();
        try
        {
            await foreach (var item in items.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return item;
        }
        finally
        {
            await leaving.CancelAsync().ConfigureAwait(false);
            await asking.ConfigureAwait(false);
        }

        // The very same exception, with its own trace.
        if (failures.Count == 1) ExceptionDispatchInfo.Throw(failures[0]);
        if (failures.Count > 1) throw several(failures);

        async Task AskAllAsync()
        {
            await Task.WhenAll(sources.Select(AskAsync)).ConfigureAwait(false);
            items.Writer.TryComplete();
        }

        async Task AskAsync(TSource source)
        {
            try
            {
                await foreach (var item in ask(source, leaving.Token).ConfigureAwait(false)) await items.Writer.WriteAsync(item, leaving.Token).ConfigureAwait(false);
            }
            catch (HomelabException e) when (!endless)
            {
                lock (failures) failures.Add(e);
            }
            catch (OperationCanceledException) when (leaving.IsCancellationRequested)
            {
                // The reader has left.
            }
            catch (Exception e)
            {
                items.Writer.TryComplete(e);
            }
        }
    }
}
