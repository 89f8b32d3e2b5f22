using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Homelab.Automation.Healing;
using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Host.Logging;
using Homelab.Host.Web;
using Homelab.Lab.Kuma;

namespace Homelab.SystemTests.Web;

/// <summary>The real HTTP host over a simulated homelab, all on loopback and in this process.</summary>
internal sealed class WebBench : IAsyncDisposable
{
    private WebBench(LabStage stage, HomelabRuntime runtime, HomelabServer server, HealingEvents events)
    {
        Stage = stage;
        Runtime = runtime;
        Server = server;
        Events = events;
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = server.Url, Timeout = TimeSpan.FromMinutes(3) };
    }

    internal LabStage Stage { get; }

    internal HomelabRuntime Runtime { get; }

    internal HomelabServer Server { get; }

    internal HealingEvents Events { get; }

    internal HttpClient Http { get; }

    internal string Token => Stage.Homelab.Tokens.Hook;

    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="edit">Changes the lab file.</param>
    /// <param name="isChecked">False to leave out the check that refuses labs whose policy forbids their own runbooks.</param>
    /// <param name="partingLook">How long it is looked at what a caller leaves.</param>
    internal static async Task<WebBench> OpenAsync(CancellationToken cancellationToken, Func<string, string>? edit = null, bool isChecked = true, TimeSpan? partingLook = null)
    {
        var stage = await LabStage.OpenAsync(cancellationToken, lab => LabStage.SecretsAsFiles(edit is null ? lab : edit(lab)));
        HomelabRuntime? runtime = null;
        try
        {
            stage.WriteSecrets();
            var events = new HealingEvents();
            var counters = new HealingCounters();
            var file = new LabReader(ProviderList.Settings, static _ => null).Read(stage.LabFile);
            // In this order: who has seen an event here finds it counted.
            runtime = await HomelabRuntime.OpenAsync(file, new RuntimeOptions { Observers = [counters, events], PartingLook = partingLook }, cancellationToken);
            if (isChecked) await runtime.StartHealingAsync(cancellationToken);
            // What is answered as it stops is answered whole, however long that takes here.
            var server = await HomelabServer.StartAsync(runtime, counters, new JsonLog(TextWriter.Null, TimeProvider.System), file.Lab.Server.Listen, TimeSpan.FromMinutes(3), cancellationToken);
            return new WebBench(stage, runtime, server, events);
        }
        catch
        {
            if (runtime is not null) await runtime.DisposeAsync();
            await stage.DisposeAsync();
            throw;
        }
    }

    internal KumaHook Hook(KumaBodyForm form, string path = "/hook/uptime-alert") => new(new Uri(Server.Url, path), Token, form);

    /// <summary>A beat as Kuma sends it.</summary>
    internal static string Beat(string monitor, int status, int second, string message = "connect ECONNREFUSED") =>
        JsonSerializer.Serialize(new
        {
            heartbeat = new { monitorID = 1, status, time = $"2026-11-20 23:{second / 60:00}:{second % 60:00}.000", msg = message, important = true },
            monitor = new { id = 1, name = monitor, url = "http://127.0.0.1:3000/" },
            msg = $"[{monitor}] {message}",
        });

    internal async Task<WebAnswer> PostAsync(string body, string? token = null, string path = "/hooks/uptime-alert")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Token);
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return new WebAnswer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    internal async Task<WebAnswer> GetAsync(string path)
    {
        using var response = await Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return new WebAnswer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Asserts that all is still well: the host says so, a real crash is still healed by one restart, and nothing else was ever changed.</summary>
    internal async Task StillHealsAsync(string service = "gitea", string monitor = "Gitea")
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        Assert.Empty(Stage.Homelab.Changes);
        Assert.Equal("ok", JsonDocument.Parse((await GetAsync("/health")).Body).RootElement.GetProperty("status").GetString());
        Stage.Homelab.ContainerOf(service).Crash(137);
        Stage.Homelab.Kuma.Hook = Hook(KumaBodyForm.Json);
        await Stage.Homelab.Kuma.CheckNowAsync(monitor, cancellationToken);
        Assert.Equal(202, Stage.Homelab.Kuma.Deliveries.Last().Status);
        Stage.Homelab.Kuma.StartChecking();
        var run = await Events.FirstAsync(HealingEventKind.RunStarted, service, cancellationToken);
        Assert.Equal(HealingEventKind.Recovered, await Events.EndOfAsync(run.Incident, cancellationToken));
        Assert.Equal([$"POST /containers/{Stage.Homelab.ContainerOf(service).Id}/restart"], Stage.Homelab.Changes.Select(c => $"{c.Method} {c.Path}"));
    }

    public async ValueTask DisposeAsync()
    {
        Stage.Homelab.Kuma.Hook = null;
        Http.Dispose();
        await Server.DisposeAsync();
        await Runtime.DisposeAsync();
        await Stage.DisposeAsync();
    }
}

/// <summary>What the host answered.</summary>
internal sealed record WebAnswer(int Status, string? ContentType, string Body)
{
    /// <summary>The stable id of a problem, its status and detail checked.</summary>
    internal string Problem()
    {
        Assert.Equal("application/problem+json", ContentType);
        var problem = JsonDocument.Parse(Body).RootElement;
        Assert.Equal(Status, problem.GetProperty("status").GetInt32());
        Assert.True(problem.GetProperty("detail").GetString() is { Length: > 20 and < 700 } detail && ForeignText.IsClean(detail), Body);
        var id = problem.GetProperty("title").GetString()!;
        Assert.Matches("^[A-Z][A-Za-z]+$", id);
        return id;
    }

    /// <summary>The one receipt of an accepted delivery.</summary>
    internal (string Alert, bool IsDuplicate, string? Incident) Receipt()
    {
        Assert.True(Status == 202, $"{Status}: {Body}");
        var receipt = Assert.Single(JsonDocument.Parse(Body).RootElement.EnumerateArray());
        return (receipt.GetProperty("alert").GetString()!, receipt.GetProperty("duplicate").GetBoolean(), receipt.TryGetProperty("incident", out var incident) ? incident.GetString() : null);
    }
}
