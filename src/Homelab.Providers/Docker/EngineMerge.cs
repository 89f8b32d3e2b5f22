using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Homelab.Providers.Docker;

/// <summary>Asks several engines at once and tells what they say as it comes.</summary>
internal static class EngineMerge
{
    // The reader sets the pace; engines wait.
    private const int Ahead = 64;

    /// <summary>Items of all engines.</summary>
    /// <param name="engines">At least one.</param>
    /// <param name="ask">What to ask each.</param>
    /// <param name="endless">
    /// False where each engine comes to an end: one that fails does not keep the others from being told, and its failure comes last. True where none does:
    /// the first failure ends it all, because nobody would ever hear of it otherwise.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException">What the engine threw; <c>DockerUnreachable</c> (Unavailable) where several failed.</exception>
    internal static async IAsyncEnumerable<T> MergeAsync<T>(
        IReadOnlyList<DockerClient> engines,
        Func<DockerClient, CancellationToken, IAsyncEnumerable<T>> ask,
        bool endless,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (engines.Count == 1)
        {
            await foreach (var item in ask(engines[0], cancellationToken).ConfigureAwait(false)) yield return item;
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

        if (failures.Count == 1) throw DockerErrors.Rethrow(failures[0]);
        if (failures.Count > 1) throw DockerErrors.Several(failures);

        async Task AskAllAsync()
        {
            await Task.WhenAll(engines.Select(AskAsync)).ConfigureAwait(false);
            items.Writer.TryComplete();
        }

        async Task AskAsync(DockerClient engine)
        {
            try
            {
                await foreach (var item in ask(engine, leaving.Token).ConfigureAwait(false)) await items.Writer.WriteAsync(item, leaving.Token).ConfigureAwait(false);
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
