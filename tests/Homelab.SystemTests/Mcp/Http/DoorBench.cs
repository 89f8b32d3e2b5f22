using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Homelab.Host.Logging;
using Homelab.Host.Mcp.Http;
using Homelab.State;
using Homelab.SystemTests.Mcp.Http.Conformance;
using Homelab.SystemTests.Web;
using Homelab.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.Server;

namespace Homelab.SystemTests.Mcp.Http;

/// <summary>Our door with its guards and a real store, and the official suite's fixtures behind it in place of the catalog.</summary>
internal sealed class DoorBench : IAsyncDisposable
{
    internal const int BodyLimit = 64 * 1024;

    private readonly DirectoryInfo _folder;
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, string> _keys = new(StringComparer.Ordinal);

    private DoorBench(DirectoryInfo folder, StateStore store, WebApplication app, McpDoor door, KeptLog log, TimeProvider time)
    {
        _folder = folder;
        _app = app;
        Log = log;
        Store = store;
        Door = door;
        Time = time;
        Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Url, Timeout = TimeSpan.FromMinutes(3) };
    }

    internal StateStore Store { get; }

    internal KeptLog Log { get; }

    internal McpDoor Door { get; }

    internal TimeProvider Time { get; }

    internal Uri Url { get; }

    internal HttpClient Http { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static async Task<DoorBench> OpenAsync(McpDefinition? mcp = null, TimeProvider? time = null, Func<Caller, McpServerOptions>? options = null, Func<HttpContext, Task<Caller?>>? letIn = null)
    {
        time ??= TimeProvider.System;
        var folder = Directory.CreateTempSubdirectory("hl-door-");
        var store = await SqliteStore.OpenAsync(Path.Combine(folder.FullName, "door.db"), time, Cancellation);
        var log = new KeptLog();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.Limits.MaxRequestBodySize = BodyLimit);
        builder.Services.AddRoutingCore();
        // What does not end by itself is cut off after this: later than anybody here waits.
        builder.Services.Configure<HostOptions>(static o => o.ShutdownTimeout = TimeSpan.FromMinutes(5));
        var app = builder.Build();
        app.UseRouting();
        var setup = new DoorSetup
        {
            LetIn = letIn ?? new KeyHolders(store, time).LetInAsync,
            OptionsOf = options ?? (static _ => FixtureOptions.Create()),
            Mcp = mcp ?? new McpDefinition(),
            BodyLimit = BodyLimit,
            Credentials = store,
            Audit = store,
            Log = new JsonLog(log, time),
            Time = time,
        };
        var door = new McpDoor(setup, app.Lifetime.ApplicationStopping);
        door.Map(app);
        await app.StartAsync(Cancellation);
        return new DoorBench(folder, store, app, door, log, time);
    }

    /// <summary>The log's lines by their event.</summary>
    internal string[] Logged(string name) =>
        [.. Log.Lines.Select(static l => JsonNode.Parse(l)!).Where(l => (string?)l["event"] == name).Select(l => (string)l["text"]!)];

    /// <summary>The key of a client; made when it is asked for first.</summary>
    internal async Task<string> KeyAsync(string name, TimeSpan? expiresIn = null)
    {
        if (_keys.TryGetValue(name, out var known)) return known;
        var text = CredentialSecret.New(ApiKey.Prefix);
        var now = Time.GetUtcNow();
        Assert.True(await Store.AddKeyAsync(new ApiKey { Name = name, Level = Level.Manage, CreatedAt = now, CreatedBy = "interactive:tester", ExpiresAt = now + expiresIn, Hash = CredentialSecret.HashOf(text) }, Cancellation));
        return _keys[name] = text;
    }

    /// <summary>Sends exactly these headers and this body; those that every client sends are added where they are not given.</summary>
    internal async Task<RawAnswer> SendAsync(string method, string body, params string[] headers)
    {
        string[] usual = ["Host", "Authorization", "Content-Type", "Accept", "Content-Length"];
        var bytes = Encoding.UTF8.GetBytes(body);
        var values = new[] { Url.Authority, $"Bearer {await KeyAsync("tester")}", "application/json", "application/json, text/event-stream", $"{bytes.Length}" };
        var added = usual.Zip(values, (n, v) => $"{n}: {v}").Where((_, i) => !headers.Any(h => h.StartsWith(usual[i] + ":", StringComparison.OrdinalIgnoreCase)));
        // A header that is named without a value is left out.
        var all = added.Concat(headers).Where(h => !h.EndsWith(':')).Append("Connection: close");
        return await RawHttp.SendAsync(Url, RawHttp.Request($"{method} /mcp HTTP/1.1", all, bytes));
    }

    /// <summary>Opens the stream of what is told unasked.</summary>
    internal async Task<StreamReader> ListenAsync(string session, string client = "tester")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {await KeyAsync(client)}");
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        request.Headers.TryAddWithoutValidation("Mcp-Session-Id", session);
        var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal((200, "text/event-stream"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
    }

    /// <summary>Waits until nothing is under way in any session: a call comes to its end a moment after its answer, and only then a session begins to be idle.</summary>
    internal Task QuietAsync() => Eventually.HoldsAsync("nothing is under way", () => Task.FromResult(!Door.Sessions.Open.Any(static s => s.IsUsed)), Cancellation);

    /// <summary>Stops the server as the program does.</summary>
    internal Task StopAsync() => _app.StopAsync(Cancellation);

    /// <summary>The JSON of an answer, whether it came as such or as an event.</summary>
    internal static JsonNode Json(RawAnswer answer)
    {
        var text = answer.Headers["content-type"].StartsWith("text/event-stream", StringComparison.Ordinal) ? answer.Body.Split('\n').Last(l => l.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..] : answer.Body;
        return JsonNode.Parse(text)!;
    }

    /// <summary>Introduces somebody as an older client.</summary>
    /// <returns>The session's id.</returns>
    internal async Task<string> BeginAsync(string client = "tester", string revision = "2025-11-25")
    {
        var answer = await SendAsync("POST", Initialize(revision), $"Authorization: Bearer {await KeyAsync(client)}");
        Assert.True(answer.Headers.ContainsKey("mcp-session-id"), $"{answer.Status}: {answer.Body} {string.Join('|', answer.Headers)} {Log}");
        return answer.Headers["mcp-session-id"];
    }

    /// <summary>Calls by a session.</summary>
    internal async Task<RawAnswer> CallAsync(string session, string body, string client = "tester", params string[] headers) =>
        await SendAsync("POST", body, [$"Authorization: Bearer {await KeyAsync(client)}", $"Mcp-Session-Id: {session}", .. headers]);

    internal static string Initialize(string revision) =>
        $$$$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"{{{{revision}}}}","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""";

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await Door.DisposeAsync();
        await _app.DisposeAsync();
        await Store.DisposeAsync();
        foreach (var key in _keys.Values) Assert.DoesNotContain(key, Log.ToString(), StringComparison.Ordinal);
        _folder.Delete(recursive: true);
    }
}
