using Homelab.Providers.Prometheus;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Prometheus;

/// <summary>Alerts that are asked for: what fires is told once, what is gone is resolved, and silence resolves nothing.</summary>
public sealed class PrometheusAlertFeedTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_fires_is_told_once_and_its_end_once()
    {
        var alerts = await WatchAsync(1 + 1, [Firing("gitea"), Pending("postgres")], [Firing("gitea")], []);
        Assert.Equal([("gitea", AlertStatus.Down), ("gitea", AlertStatus.Up)], alerts.Select(static a => (a.Subject!, a.Status)));
        Assert.Equal("prometheus", alerts[0].Source);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_resolves_nothing_and_is_traced()
    {
        var trace = new List<string>();
        var alerts = await WatchAsync(1 + 1, trace, [Firing("gitea")], null, [Firing("gitea"), Firing("postgres")]);
        Assert.Equal([("gitea", AlertStatus.Down), ("postgres", AlertStatus.Down)], alerts.Select(static a => (a.Subject!, a.Status)));
        Assert.Contains("cannot be asked for, and are again in 1m", Assert.Single(trace), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_alert_has_the_same_fingerprint_after_a_restart_and_another_one_when_it_fires_anew()
    {
        var first = (await WatchAsync(1, [Firing("gitea")]))[0];
        var restarted = (await WatchAsync(1, [Firing("gitea")]))[0];
        var anew = (await WatchAsync(1, [Firing("gitea", TimeSpan.FromHours(1))]))[0];
        Assert.Equal(first.Fingerprint, restarted.Fingerprint);
        Assert.NotEqual(first.Fingerprint, anew.Fingerprint, StringComparer.Ordinal);
    }

    private static PrometheusAlert Firing(string name, TimeSpan later = default) => Make(name, PrometheusAlertState.Firing, later);

    private static PrometheusAlert Pending(string name) => Make(name, PrometheusAlertState.Pending, default);

    private static PrometheusAlert Make(string name, PrometheusAlertState state, TimeSpan later) => new()
    {
        Name = "ContainerGone",
        State = state,
        Since = s_start + later,
        Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["alertname"] = "ContainerGone", ["name"] = name },
    };

    private static Task<List<Alert>> WatchAsync(int count, params IReadOnlyList<PrometheusAlert>?[] answers) => WatchAsync(count, [], answers);

    private static async Task<List<Alert>> WatchAsync(int count, List<string> trace, params IReadOnlyList<PrometheusAlert>?[] answers)
    {
        var time = new ManualTime(s_start);
        var asked = 0;
        var feed = new PrometheusAlertFeed(_ => Answer(), s_poll, time, trace.Add);
        var alerts = new List<Alert>();
        Task? armed = null;
        await using var watching = feed.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        while (alerts.Count < count)
        {
            var next = watching.MoveNextAsync().AsTask();
            while (true)
            {
                armed ??= time.ArmedAsync(Cancellation).AsTask();
                if (await Task.WhenAny(next, armed) != armed) break;
                armed = null;
                time.Advance(TimeSpan.FromMinutes(1));
            }

            Assert.True(await next);
            alerts.Add(watching.Current);
        }

        return alerts;

        Task<IReadOnlyList<PrometheusAlert>> Answer() => answers[Math.Min(asked++, answers.Length - 1)] is { } answer
            ? Task.FromResult(answer)
            : Task.FromException<IReadOnlyList<PrometheusAlert>>(new HomelabException(ErrorKind.Unavailable, "PrometheusUnreachable", "it is not there"));
    }
}
