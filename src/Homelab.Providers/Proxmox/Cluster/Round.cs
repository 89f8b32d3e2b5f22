using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Asks several places at once. One that fails does not keep the others from being told, and is not hidden: its failure comes last.</summary>
internal static class Round
{
    /// <summary>What all places say, in their order.</summary>
    /// <exception cref="HomelabException">What a place threw; one for all where several failed.</exception>
    internal static async IAsyncEnumerable<T> AskAsync<TPlace, T>(
        IReadOnlyCollection<TPlace> places,
        Func<TPlace, CancellationToken, Task<IReadOnlyList<T>>> ask,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Whoever stops listening stops the questions.
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asked = places.Select(p => ask(p, leaving.Token)).ToArray();
        var failures = new List<HomelabException>();
        try
        {
            foreach (var answer in asked)
            {
                IReadOnlyList<T> items = [];
                try
                {
                    items = await answer.ConfigureAwait(false);
                }
                catch (HomelabException e)
                {
                    failures.Add(e);
                }

                foreach (var item in items) yield return item;
            }
        }
        finally
        {
            await leaving.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(asked)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (failures.Count > 0) throw ProxmoxErrors.Rethrow(ProxmoxErrors.Several(failures));
    }
}
