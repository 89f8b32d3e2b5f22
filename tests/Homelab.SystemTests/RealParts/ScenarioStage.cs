using System.Collections.Concurrent;
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

namespace Homelab.SystemTests.RealParts;

/// <summary>The product as it serves a lab file over real parts, with the shipped runbooks told not to wait so long, and a chat that is simulated.</summary>
internal sealed class ScenarioStage : IAsyncDisposable
{
    /// <summary>What every sender shows at our door.</summary>
    internal const string HookToken = "scenario-hook-token";

    private static readonly ConcurrentDictionary<string, int> s_monitors = new(StringComparer.Ordinal);
    private static int s_lastMonitor = 100;

    private readonly HttpClient _http = new();

    private ScenarioStage(DirectoryInfo folder, SimulatedTelegram telegram, HomelabRuntime runtime, HomelabServer server)
    {
        (Folder, Telegram, Runtime, Server) = (folder, telegram, runtime, server);
    }

    /// <summary>The one whose answers in the chat count.</summary>
    internal static TelegramUser Anna { get; } = new(1111, "Anna");

    internal DirectoryInfo Folder { get; }

    internal SimulatedTelegram Telegram { get; }

    internal HomelabRuntime Runtime { get; }

    internal HomelabServer Server { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="folder">Where the lab file goes; deleted at the end.</param>
    /// <param name="lab">The lab file from <c>hosts:</c> on, without hooks, chat and server.</param>
    /// <param name="patience">How long a service has to be proved to be back.</param>
    internal static async Task<ScenarioStage> OpenAsync(DirectoryInfo folder, string lab, TimeSpan? patience = null)
    {
        var telegram = await SimulatedTelegram.StartAsync("1:scenario-token");
        Environment.SetEnvironmentVariable("SCENARIO_HOOK", HookToken);
        Environment.SetEnvironmentVariable("SCENARIO_TELEGRAM", "1:scenario-token");
        Environment.SetEnvironmentVariable("SCENARIO_CHAT", "42");
        var path = Path.Combine(folder.FullName, "homelab.yaml");
        await File.WriteAllTextAsync(path, $$"""
            apiVersion: homelab/v1
            kind: Lab
            metadata: { name: scenario }
            {{lab}}
            notify: { telegram: { token: "env:SCENARIO_TELEGRAM", chat: "env:SCENARIO_CHAT", approvers: [ {{Anna.Id}} ], url: "{{telegram.Url}}" } }
            hooks: { uptime-alert: { token: "env:SCENARIO_HOOK" }, alertmanager: { source: alertmanager, token: "env:SCENARIO_HOOK" } }
            server: { listen: "127.0.0.1:0" }
            """, Cancellation);
        var counters = new HealingCounters();
        var options = new RuntimeOptions
        {
            Observers = [counters],
            Runbooks = [.. RunbookReader.Read(Path.Combine(AppContext.BaseDirectory, "runbooks")).Select(r => r with
            {
                Throttle = r.Throttle with { Backoff = TimeSpan.FromMilliseconds(100) },
                Verify = r.Verify with
                {
                    Settle = TimeSpan.FromMilliseconds(500),
                    Within = patience ?? TimeSpan.FromMinutes(4),
                    Every = TimeSpan.FromMilliseconds(500),
                    Hold = r.Verify.Hold > TimeSpan.Zero ? TimeSpan.FromSeconds(1) : TimeSpan.Zero,
                },
            })],
        };
        var runtime = await HomelabRuntime.OpenAsync(new LabReader(ProviderList.Settings, Environment.GetEnvironmentVariable).Read(path), options, Cancellation);
        await runtime.StartHealingAsync(Cancellation);
        return new ScenarioStage(folder, telegram, runtime, await HomelabServer.StartAsync(runtime, counters, "127.0.0.1:0", Cancellation));
    }

    /// <summary>A container that runs a program of this machine, on this machine's network: what an image would bring is here already, and can only be read.</summary>
    internal static async Task RunHostProgramAsync(DockerdPeer dockerd, string name, string script, DirectoryInfo? folder = null)
    {
        string[] places = [.. new[] { "/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc" }.Where(Directory.Exists).SelectMany(static p => new[] { "-v", $"{p}:{p}:ro" })];
        string[] own = folder is null ? [] : ["-v", $"{folder.FullName}:{folder.FullName}"];
        await dockerd.RunAsync(["run", "-d", "--name", name, "--network", "host", "--stop-timeout", "2", .. places, .. own, "-e", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", DockerdPeer.Image, "/bin/sh", "-c", script]);
    }

    /// <summary>Posts the body that a real Kuma 2.5.3 sent when a monitor went down, with another monitor's name.</summary>
    internal async Task PostDownAsync(string monitor)
    {
        var body = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Data", "kuma-down-503.json"), Cancellation))!;
        body["monitor"]!["name"] = monitor;
        // Another monitor has another id, or its alert would be the same one sent again.
        var id = s_monitors.GetOrAdd(monitor, static _ => Interlocked.Increment(ref s_lastMonitor));
        body["monitor"]!["id"] = id;
        body["heartbeat"]!["monitorID"] = id;
        await PostAsync(body);
    }

    /// <summary>Posts what a real Kuma says of a certificate that expires soon: no monitor, no heartbeat, one sentence.</summary>
    internal Task PostCertificateAsync(string monitor, string address, int days) =>
        PostAsync(new JsonObject { ["heartbeat"] = null, ["monitor"] = null, ["msg"] = $"[{monitor}][{address}] server certificate localhost will expire in {days} days" });

    /// <summary>Waits until every incident is closed and every message sent.</summary>
    internal async Task ClosedAsync(int incidents = 1)
    {
        IReadOnlyList<Incident> all = [];
        try
        {
            await Eventually.HoldsAsync(
                "every incident is closed and told",
                async () =>
                {
                    all = await Runtime.Store.ListIncidentsAsync(100, Cancellation);
                    return all.Count >= incidents && all.All(i => !i.IsOpen) && (await Runtime.Store.ListUnsentAsync(Cancellation)).Count == 0;
                },
                Cancellation,
                TimeSpan.FromMinutes(6));
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{string.Join('\n', all.Select(i => $"{i.Service}: {i.Status} {i.Summary}"))}", e);
        }
    }

    /// <summary>The changes that were made, as the audit has them.</summary>
    internal async Task<IReadOnlyList<AuditEntry>> ChangesAsync()
    {
        var lines = await Runtime.Store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation);
        var verdict = await AuditChain.VerifyAsync(lines.ToAsyncEnumerable(), Cancellation);
        Assert.True(verdict.Intact, verdict.Reason);
        return [.. lines.Where(static l => l.Kind == AuditKind.Intent)];
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Runtime.DisposeAsync();
        await Telegram.DisposeAsync();
        _http.Dispose();
        Folder.Delete(recursive: true);
    }

    private async Task PostAsync(JsonNode body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Server.Url, "/hook/uptime-alert")) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", HookToken);
        using var response = await _http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }
}
