using System.Runtime.CompilerServices;

namespace Homelab.Providers.Network;

/// <summary>Makes many looks at once, but not more than so many, and yields each result as it comes.</summary>
internal static class Sweep
{
    /// <summary>How many looks are made at once where nobody says otherwise: more opens no door faster, and each holds a socket.</summary>
    internal const int AtOnce = 64;

    /// <param name="items">What to look at.</param>
    /// <param name="atOnce">How many at once.</param>
    /// <param name="lookAsync">Looks at one.</param>
    /// <param name="cancellationToken">Ends all.</param>
    internal static async IAsyncEnumerable<TResult> RunAsync<TItem, TResult>(IEnumerable<TItem> items, int atOnce, Func<TItem, CancellationToken, Task<TResult>> lookAsync, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Whoever stops listening stops the looks.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var turns = new SemaphoreSlim(atOnce);
        var looks = items.Select(item => InTurnAsync(turns, token => lookAsync(item, token), ending.Token)).ToList();
        try
        {
            await foreach (var look in Task.WhenEach(looks).WithCancellation(cancellationToken).ConfigureAwait(false)) yield return await look.ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(looks)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<TResult> InTurnAsync<TResult>(SemaphoreSlim turns, Func<CancellationToken, Task<TResult>> lookAsync, CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await lookAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turns.Release();
        }
    }
}
