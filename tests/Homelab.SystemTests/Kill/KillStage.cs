using System.Net.Http.Headers;
using System.Text;
using Homelab.Lab.Docker;
using Homelab.Lab.Services;
using Homelab.Lab.Telegram;
using Homelab.State;

namespace Homelab.SystemTests.Kill;

/// <summary>One crashed service with all around it, and hosts that come and go over one state file.</summary>
internal sealed class KillStage : IAsyncDisposable
{
    private const string Alert = """
        {"heartbeat":{"monitorID":7,"status":0,"time":"2026-11-20 23:40:34.287","msg":"connect ECONNREFUSED","important":true,"retries":1,"timezone":"UTC"},
        "monitor":{"id":7,"name":"Gitea","type":"http","url":"http://127.0.0.1/"},"msg":"[Gitea] [🔴 Down] connect ECONNREFUSED"}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-kill-");
    private readonly string? _database;
    // Whoever is frozen answers when it wakes.
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly SimulatedService _service;

    private KillStage(SimulatedDockerEngine engine, SimulatedService service, SimulatedTelegram telegram, string? database)
    {
        _database = database;
        Engine = engine;
        _service = service;
        Telegram = telegram;
        Container = engine.Add(new SimulatedContainerSpec { Name = "gitea" });
        Container.StateChanged += (_, _) => service.Fault = Container.Running ? ServiceFault.None : ServiceFault.Refuse;
        Container.Crash(137);
        LabFile = Path.Combine(_folder.FullName, "homelab.yaml");
        File.WriteAllText(LabFile, $$"""
            apiVersion: homelab/v1
            kind: Lab
            metadata: { name: kill }
            hosts: { dev: { docker: "{{engine.TcpEndpoint}}" } }
            services:
              gitea: { container: gitea@dev, tier: critical, monitor: Gitea, check: { http: "{{service.Url}}", timeout: 1m } }
            notify: { telegram: { token: "env:KILL_TELEGRAM", chat: "env:KILL_CHAT", url: "{{telegram.Url}}" } }
            hooks: { uptime-alert: { token: "env:KILL_HOOK" } }
            server: { runbooks: [ runbooks ]{{(database is null ? "" : ", database: \"env:KILL_DATABASE\", lease: 3s")}} }
            """);
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "runbooks"));
        File.WriteAllText(Path.Combine(_folder.FullName, "runbooks", "container-crash-recovery.yaml"), """
            apiVersion: homelab/v1
            kind: Runbook
            metadata: { name: container-crash-recovery, description: The shipped one with a shorter breath. }
            spec:
              level: operate
              trigger: { alert: { status: down, service: { hasContainer: true } } }
              throttle: { backoff: 0s }
              steps:
                - { id: look, do: docker_check_container, with: { container: "{{ service.container }}" }, timeout: 2m }
                - { id: restart, do: docker_restart_container, with: { container: "{{ service.container }}" }, timeout: 2m, onError: verify }
              verify: { settle: 50ms, within: 30s, every: 100ms, checks: [ service ] }
            """);
    }

    internal SimulatedDockerEngine Engine { get; }

    internal SimulatedContainer Container { get; }

    internal SimulatedTelegram Telegram { get; }

    private string LabFile { get; }

    private static Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal) { ["KILL_TELEGRAM"] = "1:kill-token", ["KILL_CHAT"] = "42", ["KILL_HOOK"] = "kill-hook-token" };

    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="database">A connection string, for hosts that share a database and not a file.</param>
    internal static async Task<KillStage> OpenAsync(CancellationToken cancellationToken, string? database = null) => new(
        await SimulatedDockerEngine.StartAsync(new SimulatedDockerEngineOptions { Port = 0 }, cancellationToken),
        await SimulatedService.StartAsync(static _ => new ServiceAnswer(200)),
        await SimulatedTelegram.StartAsync("1:kill-token"),
        database);

    internal Task<HostProcess> StartHostAsync(KillPoint point, CancellationToken cancellationToken, SuddenEnd end = SuddenEnd.Kill) =>
        HostProcess.StartAsync(LabFile, point, _database is null ? Environment : new(Environment, StringComparer.Ordinal) { ["KILL_DATABASE"] = _database }, cancellationToken, end);

    /// <summary>How many incidents a host works on, as it says itself.</summary>
    internal async Task<int> ActiveAsync(HostProcess host, CancellationToken cancellationToken)
    {
        const string Name = "homelab_incidents_active ";
        var page = await _http.GetStringAsync(new Uri(host.Url, "/metrics"), cancellationToken);
        return int.Parse(page.Split('\n').Single(l => l.StartsWith(Name, StringComparison.Ordinal))[Name.Length..], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Sends the alert, as Kuma does. False when no 202 came back.</summary>
    internal async Task<bool> SendAlertAsync(HostProcess host, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Url, "/hook/uptime-alert"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "kill-hook-token");
        request.Content = new StringContent(Alert, Encoding.UTF8, "application/json");
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return response.StatusCode == System.Net.HttpStatusCode.Accepted;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>The state, read beside whatever host has it open.</summary>
    internal async Task<StateStore> OpenStoreAsync(CancellationToken cancellationToken) => _database is null
        ? await SqliteStore.OpenAsync(Path.Combine(_folder.FullName, "homelab.db"), TimeProvider.System, cancellationToken)
        : await PostgresStore.OpenAsync(new Secret(_database), TimeSpan.FromSeconds(30), TimeProvider.System, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Engine.DisposeAsync();
        await _service.DisposeAsync();
        await Telegram.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
