using System.Runtime.CompilerServices;

namespace Homelab.Providers.Docker;

/// <summary>Takes the engines' events as alerts: unhealthy, died unasked, out of memory, and healthy again.</summary>
internal sealed class DockerAlertFeed(DockerEngines engines, TimeProvider time) : IAlertFeed
{
    /// <inheritdoc/>
    public string Name => "docker";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Alert> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new DockerAlertReader(engines.Acts, time);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var events = SourceMerge.MergeAsync(engines.In(host: null), static (e, c) => e.Events.WatchAsync(patient: true, c), DockerErrors.Several, endless: true, leaving.Token).GetAsyncEnumerator(leaving.Token);
        Task<bool>? next = null;
        try
        {
            while (true)
            {
                next ??= events.MoveNextAsync().AsTask();
                if (reader.NextDue is { } wait && !next.IsCompleted)
                {
                    using var woken = CancellationTokenSource.CreateLinkedTokenSource(leaving.Token);
                    await Task.WhenAny(next, Task.Delay(wait, time, woken.Token)).ConfigureAwait(false);
                    await woken.CancelAsync().ConfigureAwait(false);
                }

                foreach (var due in reader.TakeDue()) yield return due;
                if (reader.NextDue is not null && !next.IsCompleted) continue;
                if (!await next.ConfigureAwait(false)) yield break;
                next = null;
                if (reader.Read(events.Current) is { } alert) yield return alert;
            }
        }
        finally
        {
            // It may not be disposed while it is asked for the next.
            await leaving.CancelAsync().ConfigureAwait(false);
            if (next is not null) await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await events.DisposeAsync().ConfigureAwait(false);
        }
    }
}
