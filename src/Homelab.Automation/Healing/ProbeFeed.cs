using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Threading.Channels;

namespace Homelab.Automation.Healing;

/// <summary>
/// Looks at services by itself, each at its own pace: several failures in a row are an alert, the first success after that is its end. What cannot be asked is
/// neither, and is told once.
/// </summary>
/// <param name="lab">The lab.</param>
/// <param name="usual">How often a service is looked at that says nothing else.</param>
/// <param name="ladder">The way to look.</param>
/// <param name="trouble">Hears of services that cannot be asked.</param>
/// <param name="time">The clock.</param>
public sealed class ProbeFeed(LabDefinition lab, TimeSpan usual, VerificationLadder ladder, Action<string> trouble, TimeProvider time) : IAlertFeed
{
    internal const string Source = "probe";

    // In permille of the pace: looks that began together drift apart.
    private const int Jitter = 100;

    private static readonly Caller s_caller = new(Face.Schedule, Source) { IsRoutine = true };

    /// <inheritdoc/>
    public string Name => Source;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Alert> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var alerts = Channel.CreateUnbounded<Alert>();
        var watching = WatchAllAsync(alerts.Writer, leaving.Token);
        try
        {
            await foreach (var alert in alerts.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return alert;
        }
        finally
        {
            await leaving.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WatchAllAsync(ChannelWriter<Alert> alerts, CancellationToken cancellationToken)
    {
        try
        {
            var services = lab.Services.Where(static s => s.Value.Check is not null || s.Value.Container is not null);
            await Task.WhenAll(services.Select(s => WatchAsync(s.Key, s.Value, alerts, cancellationToken)).Append(Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken))).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            alerts.TryComplete(e is OperationCanceledException ? null : e);
        }
    }

    private async Task WatchAsync(string service, ServiceDefinition definition, ChannelWriter<Alert> alerts, CancellationToken cancellationToken)
    {
        var every = definition.Check?.Every ?? usual;
        var needed = definition.Check?.Failures ?? new CheckDefinition().Failures;
        var (failures, isDown, isUnclear) = (0, false, false);
        // Not all at once when the program starts.
        var wait = every * (RandomNumberGenerator.GetInt32(1, 1001) / 1000.0);
        while (true)
        {
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            var reading = await ladder.LookAsync(service, definition, [definition.Check is null ? VerifyCheck.Container : VerifyCheck.Probe], s_caller, cancellationToken).ConfigureAwait(false);
            var detail = reading.Rungs[0].Detail;
            if (reading.IsUnclear)
            {
                if (!isUnclear) trouble($"service '{service}' cannot be probed: {detail}");
            }
            else if (reading.IsUp)
            {
                failures = 0;
                if (isDown) alerts.TryWrite(Tell(service, definition, AlertStatus.Up, detail));
                isDown = false;
            }
            else if (++failures >= needed && !isDown)
            {
                isDown = true;
                alerts.TryWrite(Tell(service, definition, AlertStatus.Down, detail));
            }

            isUnclear = reading.IsUnclear;
            wait = every * ((1000 - Jitter + RandomNumberGenerator.GetInt32((2 * Jitter) + 1)) / 1000.0);
        }
    }

    private Alert Tell(string service, ServiceDefinition definition, AlertStatus status, string detail)
    {
        var now = time.GetUtcNow();
        return new Alert
        {
            Source = Source,
            Status = status,
            Subject = service,
            Address = definition.Check?.Http?.ToString(),
            Message = AlertJson.Message(detail),
            At = now,
            Fingerprint = $"probe:{service}:{status}:{now.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fff}",
        };
    }
}
