using Homelab.Automation.Healing;
using Homelab.Automation.Tapes;
using Homelab.Lab;
using Homelab.Providers.Prometheus;
using Homelab.SystemTests.Web;
using Homelab.Tests;

namespace Homelab.SystemTests.Alerts;

/// <summary>A real Prometheus whose rules fire, and real Alertmanagers that send it to our real door.</summary>
public sealed class AlertmanagerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rule_that_fires_heals_the_container_that_it_names_once_though_a_pair_sends_it_and_its_end_comes_too()
    {
        var prometheusProgram = PeerProcess.Require("prometheus", "prometheus", "/usr/bin/prometheus");
        await using var bench = await OpenAsync();
        await using var first = await AlertmanagerAsync(bench);
        await using var second = await AlertmanagerAsync(bench);
        await using var target = new PeerProcess();
        bench.Stage.Homelab.ContainerOf("gitea").Crash(137);
        bench.Stage.Homelab.Kuma.StartChecking();

        await using var prometheus = new PeerProcess();
        await File.WriteAllTextAsync(prometheus.In("targets.yml"), $$"""[{ targets: ["127.0.0.1:{{target.Port}}"], labels: { name: gitea, host: dev } }]""", Cancellation);
        await File.WriteAllTextAsync(prometheus.In("rules.yml"), """
            groups:
              - name: test
                interval: 1s
                rules:
                  - { alert: ContainerGone, expr: up == 0, labels: { severity: critical }, annotations: { summary: "{{ $labels.name }} is gone" } }
                  - { alert: Many, expr: 'label_replace(vector(1), "n", "1", "", "") or label_replace(vector(1), "n", "2", "", "") or label_replace(vector(1), "n", "3", "", "")', labels: { severity: info } }
            """, Cancellation);
        await File.WriteAllTextAsync(prometheus.In("prometheus.yml"), $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
            rule_files: [ rules.yml ]
            scrape_configs: [ { job_name: cadvisor, file_sd_configs: [ { files: [ targets.yml ], refresh_interval: 1s } ] } ]
            alerting: { alertmanagers: [ { static_configs: [ { targets: [ "127.0.0.1:{{first.Port}}", "127.0.0.1:{{second.Port}}" ] } ] } ] }
            """, Cancellation);
        await prometheus.StartAsync(prometheusProgram, "/-/ready", "--config.file=prometheus.yml", "--storage.tsdb.path=data", $"--web.listen-address=127.0.0.1:{prometheus.Port}", "--rules.alert.resend-delay=2s");

        var run = await bench.Events.FirstAsync(HealingEventKind.RunStarted, "gitea", Cancellation);
        Assert.Equal(HealingEventKind.Recovered, await bench.Events.EndOfAsync(run.Incident, Cancellation));
        Assert.Single(bench.Stage.Homelab.Changes);

        // Both of the pair have sent it, and it is one; what they left out by max_alerts is told too.
        await Eventually.HoldsAsync("both have sent", async () => (await TapeAsync(bench)).Count(static t => t is { Service: "gitea", Alert.Status: AlertStatus.Down }) >= 2, Cancellation);
        var down = (await TapeAsync(bench)).Where(static t => t is { Service: "gitea", Alert.Status: AlertStatus.Down }).ToList();
        Assert.Single(down, static t => !t.Duplicate);
        Assert.Single(down.Select(static t => t.Alert.Fingerprint).Distinct(StringComparer.Ordinal));
        Assert.Equal(("alertmanager", "dev", "gitea is gone"), (down[0].Source, down[0].Alert.Host, down[0].Alert.Message));
        await Eventually.HoldsAsync("what was left out is told", async () => (await TapeAsync(bench)).Any(static t => t.Alert.Message.StartsWith("Alertmanager left out ", StringComparison.Ordinal)), Cancellation);

        // The feed that asks Prometheus itself sees the same.
        await using var provider = new PrometheusProvider(new ProviderContext(
            new LabDefinition { Providers = new Dictionary<string, object>(StringComparer.Ordinal) { ["prometheus"] = new PrometheusSettings { Url = prometheus.Url, Poll = TimeSpan.FromSeconds(1) } } },
            "/",
            new NoSecrets(),
            TimeProvider.System));
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var polled = new List<Alert>();
        var polling = PollAsync();
        await Eventually.HoldsAsync("the feed tells it", () => Task.FromResult(Polled(AlertStatus.Down)), Cancellation);
        var metric = Assert.Single(await new QueryDesk().AskAsync<MetricReading>(provider.Operations, "prometheus_query", new { query = "up{name=\"gitea\"}" }, Cancellation));
        Assert.Equal((0d, "dev"), (metric.Value, metric.Labels["host"]));
        Assert.Contains(await new QueryDesk().AskAsync<PrometheusAlert>(provider.Operations, "prometheus_list_alerts", new { firing = true }, Cancellation), static a => a.Name == "ContainerGone");
        Assert.Equal(
            "PrometheusQueryInvalid",
            (await Assert.ThrowsAsync<HomelabException>(() => new QueryDesk().AskAsync<MetricReading>(provider.Operations, "prometheus_query", new { query = "up ==" }, Cancellation))).Id);

        // The target is no longer watched: the alert is resolved.
        await File.WriteAllTextAsync(prometheus.In("targets.yml"), "[]", Cancellation);
        await Eventually.HoldsAsync("its end comes", async () => (await TapeAsync(bench)).Any(static t => t is { Service: "gitea", Alert.Status: AlertStatus.Up }), Cancellation);
        await Eventually.HoldsAsync("the feed tells its end", () => Task.FromResult(Polled(AlertStatus.Up)), Cancellation);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => polling);

        async Task PollAsync()
        {
            await foreach (var alert in provider.AlertFeeds.Single().WatchAsync(leaving.Token))
            {
                lock (polled) polled.Add(alert);
            }
        }

        bool Polled(AlertStatus status)
        {
            lock (polled) return polled.Exists(a => a.Subject == "gitea" && a.Status == status);
        }
    }

    private static Task<WebBench> OpenAsync() => WebBench.OpenAsync(Cancellation, static lab => lab
        .Replace("hooks:\n", $"hooks:\n  am: {{ source: alertmanager, token: \"env:{SimulatedTokens.HookVariable}\" }}\n", StringComparison.Ordinal)
        .Replace("server: {", "server: { tape: tape.jsonl,", StringComparison.Ordinal));

    private static Task<PeerProcess> AlertmanagerAsync(WebBench bench) => ShippedAlertmanager.StartAsync(new Uri(bench.Server.Url, "/hooks/am"), bench.Token, static settings => settings
        .Replace("group_by: [alertname, instance, name]", "group_by: [alertname]", StringComparison.Ordinal)
        .Replace("max_alerts: 500", "max_alerts: 2", StringComparison.Ordinal));

    private static async Task<List<TapeEntry>> TapeAsync(WebBench bench)
    {
        var path = Path.Combine(bench.Stage.Folder, "tape.jsonl");
        var entries = new List<TapeEntry>();
        if (!File.Exists(path)) return entries;
        await foreach (var line in TapeReader.ReadAsync(path, Cancellation))
        {
            // The last line may just be under way.
            if (line.Entry is { } entry) entries.Add(entry);
        }

        return entries;
    }

    private sealed class NoSecrets : ISecretSource
    {
        public ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) => throw new InvalidOperationException("Nobody should ask.");
    }
}
