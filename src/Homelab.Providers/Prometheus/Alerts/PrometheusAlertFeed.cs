using System.Runtime.CompilerServices;

namespace Homelab.Providers.Prometheus;

/// <summary>
/// Asks Prometheus for its alerts, where no Alertmanager sends them: what fires is an alert, what fired and is no longer there is resolved. An answer that does
/// not come resolves nothing.
/// </summary>
internal sealed class PrometheusAlertFeed(Func<CancellationToken, Task<IReadOnlyList<PrometheusAlert>>> ask, TimeSpan poll, TimeProvider time, Action<string> trace) : IAlertFeed
{
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public string Name => PrometheusNames.Provider;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Alert> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var firing = new Dictionary<string, PrometheusAlert>(StringComparer.Ordinal);
        var pause = poll;
        while (true)
        {
            IReadOnlyList<PrometheusAlert>? seen = null;
            try
            {
                seen = await ask(cancellationToken).ConfigureAwait(false);
                pause = poll;
            }
            catch (HomelabException e)
            {
                pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause > poll ? s_longestPause : poll;
                trace($"the alerts of Prometheus cannot be asked for, and are again in {Duration.Format(pause)}: {e.Message}");
            }

            if (seen is not null)
            {
                foreach (var alert in Changes(firing, seen)) yield return alert;
            }

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private List<Alert> Changes(Dictionary<string, PrometheusAlert> firing, IReadOnlyList<PrometheusAlert> seen)
    {
        // Prometheus knows an alert by its labels; when they fire anew, it is of another time.
        var now = new Dictionary<string, PrometheusAlert>(StringComparer.Ordinal);
        foreach (var alert in seen.Where(static a => a.State == PrometheusAlertState.Firing)) now[Key(alert)] = alert;
        var changes = new List<Alert>();
        foreach (var (key, alert) in firing.Where(f => !now.ContainsKey(f.Key)).ToList())
        {
            firing.Remove(key);
            changes.Add(Read(alert, key, fires: false, time.GetUtcNow()));
        }

        foreach (var (key, alert) in now)
        {
            if (firing.TryAdd(key, alert)) changes.Add(Read(alert, key, fires: true, alert.Since));
        }

        return changes;
    }

    private static Alert Read(PrometheusAlert alert, string key, bool fires, DateTimeOffset at) =>
        LabelReading.Read(new LabelledAlert(PrometheusNames.Provider, fires, alert.Labels, alert.Annotations, at, $"prometheus:{AlertJson.Hash(key)}:{(fires ? "firing" : "resolved")}"));

    private static string Key(PrometheusAlert alert) => $"{alert.Since.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fff}\n{string.Join('\n', alert.Labels.Select(static l => $"{l.Key}={l.Value}"))}";
}
