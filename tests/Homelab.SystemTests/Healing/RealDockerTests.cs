using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Host.Logging;
using Homelab.Host.Web;
using Homelab.Lab.Telegram;
using Homelab.SystemTests.Peers;
using Homelab.Tests;

namespace Homelab.SystemTests.Healing;

/// <summary>The main job on real parts: a real engine, a real container with a health check and a published port, a body that a real Kuma sent.</summary>
[Collection(SharedDockerd.Name)]
public sealed class RealDockerTests(DockerdPeer dockerd) : IAsyncLifetime
{
    // Protects from hanging only.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(6);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-real-");
    private readonly HttpClient _http = new();
    private SimulatedTelegram _telegram = null!;
    private string _container = "";
    private int _port;

    public async ValueTask InitializeAsync() => _telegram = await SimulatedTelegram.StartAsync("1:real-token");

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        // It would be looked at each second for as long as the engine runs.
        if (_container.Length > 0) await dockerd.RunAsync("rm", "-f", _container);
        await _telegram.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_crashed_container_is_restarted_found_healthy_probed_and_told()
    {
        dockerd.Require();
        await RunWebAsync("exec httpd -f -p 80 -h /www");
        await using var running = await ServeAsync();
        await dockerd.RunAsync("kill", _container);
        Assert.Equal("exited 137", await dockerd.RunAsync("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", _container));

        await PostDownAsync(running.Server);
        await Eventually.HoldsAsync("the incident is closed and told", () => IsDoneAsync(running.Runtime), Cancellation, s_patience);

        var incident = Assert.Single(await running.Runtime.Store.ListIncidentsAsync(10, Cancellation));
        Assert.Equal((IncidentStatus.Recovered, "container-crash-recovery"), (incident.Status, incident.Runbook));
        Assert.Equal("running healthy", await dockerd.RunAsync("inspect", "-f", "{{.State.Status}} {{.State.Health.Status}}", _container));
        var run = Assert.Single(await running.Runtime.Store.ListRunsAsync(incident.Id, Cancellation));
        Assert.Contains(run.Evidence, e => e.Contains("container ok (running and healthy)", StringComparison.Ordinal) && e.Contains("HTTP 200", StringComparison.Ordinal));
        Assert.Contains("✅ Recovered", Assert.Single(_telegram.Messages).Text, StringComparison.Ordinal);
        await AssertAuditAsync(running.Runtime, changes: 1);
    }

    [Fact]
    public async Task A_container_that_dies_again_is_tried_three_times_and_then_escalated()
    {
        dockerd.Require();
        await RunWebAsync("test -e /tmp/broken && exit 3; touch /tmp/broken; exec httpd -f -p 80 -h /www");
        await using var running = await ServeAsync(within: 2);
        await dockerd.RunAsync("kill", _container);

        await PostDownAsync(running.Server);
        await Eventually.HoldsAsync("the incident is closed and told", () => IsDoneAsync(running.Runtime), Cancellation, s_patience);

        var incident = Assert.Single(await running.Runtime.Store.ListIncidentsAsync(10, Cancellation));
        Assert.Equal(IncidentStatus.Escalated, incident.Status);
        // Three restarts did not help; what is handed over to looks why, and asks nobody where it cannot help either.
        Assert.Equal(3, (await running.Runtime.Store.ListRunsAsync(incident.Id, Cancellation)).Count(static r => r.Runbook == "container-crash-recovery"));
        var told = Assert.Single(_telegram.Messages).Text;
        Assert.Contains("Check the database.", told, StringComparison.Ordinal);
        Assert.Contains("exited with code 3", told, StringComparison.Ordinal);
        await AssertAuditAsync(running.Runtime, changes: 3);
    }

    [Fact]
    public async Task Dockers_own_event_of_an_unhealthy_container_sets_healing_off_without_any_monitor()
    {
        dockerd.Require();
        await RunWebAsync("rm -f /tmp/bad; exec httpd -f -p 80 -h /www");
        var watching = await ListenersAsync();
        // It answers: that it is ill all the same is acted on when the time for a proof has gone by.
        await using var running = await ServeAsync(watch: true, within: 20);
        // What happens before its events are heard is told to nobody.
        await Eventually.HoldsAsync("the engine's events are heard", async () => await ListenersAsync() > watching, Cancellation, s_patience);
        await dockerd.RunAsync("exec", _container, "touch", "/tmp/bad");

        await Eventually.HoldsAsync("the incident is closed and told", () => IsDoneAsync(running.Runtime), Cancellation, s_patience);
        var incident = Assert.Single(await running.Runtime.Store.ListIncidentsAsync(10, Cancellation));
        Assert.Equal((IncidentStatus.Recovered, "docker"), (incident.Status, incident.Caller.Identity));
        Assert.Equal("running healthy", await dockerd.RunAsync("inspect", "-f", "{{.State.Status}} {{.State.Health.Status}}", _container));
        // Our own restart makes die and start events too: they must not set us off again.
        await AssertAuditAsync(running.Runtime, changes: 1);
    }

    // How many the engine tells its events to.
    private async Task<int> ListenersAsync() => int.Parse(await dockerd.RunAsync("info", "--format", "{{.NEventsListener}}"), CultureInfo.InvariantCulture);

    private async Task RunWebAsync(string command)
    {
        await FreePort.StartAsync(port => RunWebAsync(command, port));
        await Eventually.HoldsAsync("the container is healthy", async () => await dockerd.RunAsync("inspect", "-f", "{{.State.Health.Status}}", _container) == "healthy", Cancellation, s_patience);
    }

    private Task<string> RunWebAsync(string command, int port)
    {
        // One that did not start keeps its name.
        _container = $"web{Guid.NewGuid():N}"[..12];
        _port = port;
        return dockerd.RunAsync(
            "run", "-d", "--name", _container, "--network", "hl", "-p", $"127.0.0.1:{_port}:80", "--stop-timeout", "1",
            "--health-cmd", "test ! -e /tmp/bad && wget -q -O /dev/null http://127.0.0.1/", "--health-interval", "1s", "--health-retries", "2", "--health-start-period", "10s",
            DockerdPeer.Image, "sh", "-c", $"echo ok > /www/index.html; {command}");
    }

    private async Task<Running> ServeAsync(bool watch = false, int within = 300)
    {
        Environment.SetEnvironmentVariable("REAL_HOOK", "real-hook-token");
        Environment.SetEnvironmentVariable("REAL_TELEGRAM", "1:real-token");
        Environment.SetEnvironmentVariable("REAL_CHAT", "42");
        var path = Path.Combine(_folder.FullName, "homelab.yaml");
        await File.WriteAllTextAsync(path, $$"""
            apiVersion: homelab/v1
            kind: Lab
            metadata: { name: real }
            hosts: { dev: { docker: "{{dockerd.Endpoint}}" } }
            providers: { docker: { watch: {{(watch ? "true" : "false")}} } }
            services:
              web: { container: {{_container}}@dev, tier: critical, monitor: web, check: { http: "http://127.0.0.1:{{_port}}/", timeout: 1m }, hint: Check the database. }
            notify: { telegram: { token: "env:REAL_TELEGRAM", chat: "env:REAL_CHAT", url: "{{_telegram.Url}}" } }
            hooks: { uptime-alert: { token: "env:REAL_HOOK" } }
            server: { listen: "127.0.0.1:0" }
            """, Cancellation);
        // The shipped runbook, told not to wait so long: its own half minute is for containers that start slower than busybox.
        var shipped = RunbookReader.Read(Path.Combine(AppContext.BaseDirectory, "runbooks"));
        var counters = new HealingCounters();
        var options = new RuntimeOptions
        {
            Observers = [counters],
            Runbooks = [.. shipped.Select(r => r with
            {
                Throttle = r.Throttle with { Backoff = TimeSpan.Zero },
                Verify = r.Verify with { Settle = TimeSpan.FromSeconds(1), Within = TimeSpan.FromSeconds(within), Every = TimeSpan.FromMilliseconds(500) },
            })],
        };
        var runtime = await HomelabRuntime.OpenAsync(new LabReader(ProviderList.Settings, Environment.GetEnvironmentVariable).Read(path), options, Cancellation);
        await runtime.StartHealingAsync(Cancellation);
        var server = await HomelabServer.StartAsync(runtime, counters, "127.0.0.1:0", Cancellation);
        return new Running(runtime, server);
    }

    /// <summary>Posts the body that a real Kuma 2.5.3 sent when its monitor "web" went down.</summary>
    private async Task PostDownAsync(HomelabServer server)
    {
        var body = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Data", "kuma-down-503.json"), Cancellation);
        Assert.Equal("web", JsonNode.Parse(body)!["monitor"]!["name"]!.GetValue<string>());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Url, "/hook/uptime-alert")) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "real-hook-token");
        using var response = await _http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    private static async Task<bool> IsDoneAsync(HomelabRuntime runtime)
    {
        var incidents = await runtime.Store.ListIncidentsAsync(10, Cancellation);
        return incidents.Count > 0 && incidents.All(i => !i.IsOpen) && (await runtime.Store.ListUnsentAsync(Cancellation)).Count == 0;
    }

    private static async Task AssertAuditAsync(HomelabRuntime runtime, int changes)
    {
        var lines = await runtime.Store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation);
        var verdict = await AuditChain.VerifyAsync(lines.ToAsyncEnumerable(), Cancellation);
        Assert.True(verdict.Intact, verdict.Reason);
        Assert.Equal((changes, changes), (lines.Count(l => l.Kind == AuditKind.Intent), lines.Count(l => l.Kind == AuditKind.Outcome)));
    }

    private sealed record Running(HomelabRuntime Runtime, HomelabServer Server) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            await Runtime.DisposeAsync();
        }
    }
}
