using System.Diagnostics;

namespace Homelab.Benchmarks.Measuring;

/// <summary>Clients that each ask again as soon as they have their answer.</summary>
internal static class Crowd
{
    /// <summary>Asks for a while, after as long again for warm-up.</summary>
    /// <param name="clients">How each of them asks once.</param>
    /// <param name="length">How long is counted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Milliseconds of each question, and how many were answered in a second.</returns>
    internal static async Task<(Samples Milliseconds, double PerSecond)> AskAsync(IReadOnlyList<Func<Task>> clients, TimeSpan length, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(clients.Select(ask => Task.Run(() => OneAsync(ask), cancellationToken)));
        var milliseconds = all.SelectMany(static m => m).ToArray();
        return (new Samples(milliseconds), milliseconds.Length / length.TotalSeconds);

        async Task<List<double>> OneAsync(Func<Task> ask)
        {
            var own = new List<double>();
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var asked = Stopwatch.GetTimestamp();
                await ask();
                var at = Stopwatch.GetElapsedTime(began);
                if (at > length + length) return own;
                if (at > length) own.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }
        }
    }

    /// <summary>Asks so often, shared among the clients.</summary>
    internal static Task TimesAsync(IReadOnlyList<Func<Task>> clients, int times)
    {
        var left = times;
        return Task.WhenAll(clients.Select(ask => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0) await ask();
        })));
    }
}
