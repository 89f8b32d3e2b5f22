using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Homelab.Lab.Docker;
using Homelab.Lab.Services;
using Homelab.Lab.Telegram;
using Homelab.State;
using Homelab.SystemTests.Cli;
using Homelab.Tests;

namespace Homelab.SystemTests.Clustering;

/// <summary>Services that live in containers, and as many <c>homelab serve</c> as a test starts, on one PostgreSQL database.</summary>
internal sealed class ClusterStage : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-cluster-");
    private readonly HttpClient _http = new();
    private readonly List<CliProcess> _hosts = [];
    private readonly IReadOnlyList<SimulatedService> _services;
    private readonly string _connection;

    private ClusterStage(SimulatedDockerEngine engine, SimulatedTelegram telegram, IReadOnlyList<SimulatedService> services, string connection, string lease)
    {
        (Engine, Telegram, _services, _connection) = (engine, telegram, services, connection);
        Containers = [.. services.Select((_, i) => engine.Add(new SimulatedContainerSpec { Name = Name(i) }))];
        var lines = services.Select((s, i) => $"  {Name(i)}: {{ container: {Name(i)}@dev, tier: critical, monitor: {Name(i)}, check: {{ http: \"{s.Url}\", timeout: 1m }} }}");
        Write("homelab.yaml", $$"""
            apiVersion: homelab/v1
            kind: Lab
            metadata: { name: cluster }
            hosts: { dev: { docker: "{{engine.TcpEndpoint}}" } }
            policy: { limits: { cooldown: 1h, attempts: 100, rate: 10000, blast: { percent: 100 } }, healing: { echo: 0s } }
            notify: { telegram: { token: "env:CLUSTER_TELEGRAM", chat: "env:CLUSTER_CHAT", url: "{{telegram.Url}}" } }
            hooks: { uptime-alert: { token: "env:CLUSTER_HOOK" } }
            server: { listen: "127.0.0.1:0", runbooks: [ runbooks ], database: "env:CLUSTER_DATABASE", lease: {{lease}} }
            services:
            {{string.Join('\n', lines)}}
            """);
        Write("runbooks/container-crash-recovery.yaml", """
            apiVersion: homelab/v1
            kind: Runbook
            metadata: { name: container-crash-recovery, description: The shipped one with a shorter breath. }
            spec:
              level: operate
              trigger: { alert: { status: down, service: { hasContainer: true } } }
              throttle: { backoff: 0s }
              steps:
                - { id: restart, do: docker_restart_container, with: { container: "{{ service.container }}" }, timeout: 2m, onError: verify }
              verify: { settle: 50ms, within: 2m, every: 100ms, checks: [ service ] }
            """);
        foreach (var (container, service) in Containers.Zip(services))
        {
            container.StateChanged += (_, _) => service.Fault = container.Running ? ServiceFault.None : ServiceFault.Refuse;
            container.Crash(137);
        }
    }

    internal SimulatedDockerEngine Engine { get; }

    internal SimulatedTelegram Telegram { get; }

    /// <summary>Each has crashed.</summary>
    internal IReadOnlyList<SimulatedContainer> Containers { get; }

    private Dictionary<string, string> Variables => new(StringComparer.Ordinal)
    {
        ["CLUSTER_TELEGRAM"] = "1:cluster-token",
        ["CLUSTER_CHAT"] = "42",
        ["CLUSTER_HOOK"] = "cluster-hook-token",
        ["CLUSTER_DATABASE"] = _connection,
    };

    /// <param name="services">How many.</param>
    /// <param name="server">Whose database it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="lease">When a host counts as dead. Long where none dies: one that a busy machine holds up for as long loses what it works on to the other.</param>
    internal static async Task<ClusterStage> OpenAsync(int services, PostgresServer server, CancellationToken cancellationToken, string lease = "5m") => new(
        await SimulatedDockerEngine.StartAsync(new SimulatedDockerEngineOptions { Port = 0 }, cancellationToken),
        await SimulatedTelegram.StartAsync("1:cluster-token"),
        await Task.WhenAll(Enumerable.Range(0, services).Select(_ => SimulatedService.StartAsync(static _ => new ServiceAnswer(200)))),
        await server.CreateDatabaseAsync(),
        lease);

    internal static string Name(int service) => string.Create(CultureInfo.InvariantCulture, $"s{service}");

    internal void Write(string file, string text)
    {
        var path = Path.Combine(_folder.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Starts the program on the lab.</summary>
    internal CliProcess Start(params string[] arguments)
    {
        var process = CliProcess.Start(_folder.FullName, Variables, arguments);
        _hosts.Add(process);
        return process;
    }

    /// <summary>Starts <c>serve</c>, and waits until it listens.</summary>
    internal async Task<(CliProcess Process, Uri Url)> ServeAsync()
    {
        var process = Start("serve");
        var ready = (await process.EventAsync("ready")).GetProperty("text").GetString()!;
        return (process, new Uri(ready[ready.IndexOf("http", StringComparison.Ordinal)..]));
    }

    /// <summary>Sends the alert that a service is down, as Kuma does. The same one each time, unless it is another second.</summary>
    internal async Task<HttpStatusCode> SendAsync(Uri host, int service, int second = 0)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $$"""
            {"heartbeat":{"monitorID":{{service + 1}},"status":0,"time":"2026-11-20 23:40:{{second:00}}.287","msg":"connect ECONNREFUSED","important":true,"retries":1,"timezone":"UTC"},
            "monitor":{"id":{{service + 1}},"name":"{{Name(service)}}","type":"http","url":"http://127.0.0.1/"},"msg":"[{{Name(service)}}] [🔴 Down] connect ECONNREFUSED"}
            """);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host, "/hook/uptime-alert"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "cluster-hook-token");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    /// <summary>The state, read beside the hosts.</summary>
    internal Task<PostgresStore> OpenStoreAsync() => PostgresStore.OpenAsync(new Secret(_connection), TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>Waits until nothing is open and nothing is left to be sent.</summary>
    internal static Task UntilQuietAsync(IStateStore store, int incidents)
    {
        var token = TestContext.Current.CancellationToken;
        return Eventually.HoldsAsync(
            "every incident is closed and told",
            async () => (await store.ListIncidentsAsync(1000, token)).Count >= incidents && (await store.ListOpenIncidentsAsync(token)).Count == 0 && (await store.ListUnsentAsync(token)).Count == 0,
            token,
            TimeSpan.FromMinutes(5));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts) await host.DisposeAsync();
        Assert.DoesNotContain(_hosts.SelectMany(h => h.Output.Append(h.Errors)), static l => l.Contains(PostgresServer.Password, StringComparison.Ordinal));
        _http.Dispose();
        await Engine.DisposeAsync();
        foreach (var service in _services) await service.DisposeAsync();
        await Telegram.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
