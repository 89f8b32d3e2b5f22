using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Homelab.Composition;
using Homelab.Composition.Access;
using Homelab.Configuration;
using Homelab.Host.Logging;
using Homelab.Host.Mcp.Http;
using Homelab.Host.Web.Access;
using Homelab.Host.Web.Access.OAuth;
using Homelab.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Homelab.SystemTests.Web.Access;

/// <summary>
/// The doorkeeper and the OAuth routes on a real server, with a clock that is moved by hand. Behind the doorkeeper, at <c>/mcp</c>, is a route that says who was let in; or, where it is wanted,
/// the real MCP door with the catalog.
/// </summary>
internal sealed class AccessBench : IAsyncDisposable
{
    internal const string RobotSecret = "robot secret+%41/5f2c";
    internal const string DeskSecret = "desk-secret-90aa";
    internal const string Dashboard = "dashboard-token-c41d";
    internal const string ChatBack = "https://chat.test/back";

    internal const string Lab = """
        apiVersion: homelab/v1
        kind: Lab
        metadata: { name: test }
        access: { interactive: manage, mcp: operate, rest: operate }
        rest: { dashboard: { token: "file:dashboard.token" } }
        mcp:
          hosts: [ homelab.test ]
          clients:
            robot: { secret: "file:robot.secret", level: operate, operations: [ "docker_*" ] }
            desk: { secret: "file:desk.secret", level: operate, redirects: [ "https://desk.test/back?x=1" ] }
            chat: { redirects: [ "https://chat.test/back", "http://127.0.0.1/back" ] }
        policy: { approval: { expiry: 5m, approvers: [ "cli:*" ] } }
        server: { listen: "127.0.0.1:0" }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-door-");
    private WebApplication _app = null!;
    private McpDoor? _mcp;
    private bool _hasMcp;
    private int _port;

    internal ManualTime Time { get; } = new();

    internal HomelabRuntime Runtime { get; private set; } = null!;

    internal Doorkeeper Door { get; private set; } = null!;

    internal HealingEvents Events { get; } = new();

    internal Uri Url { get; private set; } = null!;

    internal string Origin => Url.GetLeftPart(UriPartial.Authority);

    internal string Mcp => Origin + "/mcp";

    internal HttpClient Http { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static async Task<AccessBench> OpenAsync(Func<string, string>? edit = null, bool hasMcp = false)
    {
        var bench = new AccessBench { _hasMcp = hasMcp };
        bench.Write("homelab.yaml", edit is null ? Lab : edit(Lab));
        bench.Write("robot.secret", RobotSecret);
        bench.Write("desk.secret", DeskSecret);
        bench.Write("dashboard.token", Dashboard);
        await FreePort.StartAsync(async port =>
        {
            bench._port = port;
            await bench.StartAsync();
            return port;
        });
        return bench;
    }

    internal void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    internal async Task StartAsync()
    {
        var file = new LabReader(ProviderList.Settings, static _ => null).Read(Path.Combine(_folder.FullName, "homelab.yaml"));
        Runtime = await HomelabRuntime.OpenAsync(file, new RuntimeOptions { Time = Time, Observers = [Events] }, Cancellation);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        // The same port again after a restart, since tokens are for an address; so it is one that nobody is given meanwhile.
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, _port));
        builder.Services.AddRoutingCore();
        var app = _app = builder.Build();
        app.UseRouting();
        var address = new McpAddress(file.Lab.Mcp, () => Url);
        Door = new Doorkeeper(Runtime, address);
        new OAuthRoutes(Runtime, address, Door).Map(app);
        new Homelab.Host.Web.Rest.RestRoutes(Runtime, Door, app.Lifetime.ApplicationStopping).Map(app);
        if (_hasMcp)
        {
            _mcp = McpAtHost.Open(Runtime, new JsonLog(TextWriter.Null, Time), http => Door.LetInAsync(http, Face.Mcp), app.Lifetime.ApplicationStopping);
            _mcp.Map(app);
        }
        else
        {
            MapStandIn(app);
        }

        try
        {
            await app.StartAsync(Cancellation);
        }
        catch (IOException)
        {
            if (_mcp is not null) await _mcp.DisposeAsync();
            await app.DisposeAsync();
            await Door.DisposeAsync();
            await Runtime.DisposeAsync();
            throw;
        }

        Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Url, Timeout = TimeSpan.FromMinutes(3) };
    }

    private void MapStandIn(WebApplication app)
    {
        app.MapPost("/mcp", (RequestDelegate)(async http =>
        {
            if (await Door.LetInAsync(http, Face.Mcp) is { } caller) await http.Response.WriteAsync($"{caller} {HomelabNames.Of(caller.Ceiling)} {caller.Scope.Text}".Trim(), http.RequestAborted);
        }));
        app.MapGet("/mcp", (RequestDelegate)(async http =>
        {
            if (await Door.LetInAsync(http, Face.Mcp) is null) return;
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(": open\n\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registration = http.RequestAborted.Register(ended.SetResult);
            await ended.Task;
        }));
    }

    internal async Task StopAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        if (_mcp is not null) await _mcp.DisposeAsync();
        await _app.DisposeAsync();
        await Door.DisposeAsync();
        await Runtime.DisposeAsync();
    }

    /// <summary>Makes a key at a prompt, and reads it from its file.</summary>
    internal async Task<string> KeyAsync(CreateApiKey.Input input)
    {
        Assert.IsType<GateOutcome.Done>(await Runtime.Gate.InvokeAsync(new GateRequest { Operation = "access_create_key", Input = input, Caller = new Caller(Face.Interactive, "anna") }, Cancellation));
        return (await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "keys", input.Name + ".key"), Cancellation)).Trim();
    }

    internal Task DoAsync(string operation, object input) => Runtime.Gate.InvokeAsync(new GateRequest { Operation = operation, Input = input, Caller = new Caller(Face.Interactive, "anna") }, Cancellation);

    /// <summary>Calls the MCP server.</summary>
    internal Task<Reply> CallAsync(string? token) => SendAsync(HttpMethod.Post, "/mcp", token is null ? null : "Bearer " + token);

    /// <summary>Sends a form.</summary>
    internal Task<Reply> PostAsync(string path, string? authorization, params (string Name, string Value)[] fields) =>
        SendAsync(HttpMethod.Post, path, authorization, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));

    internal async Task<Reply> SendAsync(HttpMethod method, string path, string? authorization = null, HttpContent? content = null, string? host = null, string? cookie = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Url, path)) { Content = content };
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (host is not null) request.Headers.Host = host;
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        using var response = await Http.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.All([RobotSecret, DeskSecret, Dashboard], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        return new Reply((int)response.StatusCode, text, response.Headers);
    }

    internal static string Basic(string id, string secret, bool encoded = true) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(encoded ? $"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}" : $"{id}:{secret}"));

    /// <summary>An access token of the client <c>robot</c>.</summary>
    internal async Task<string> RobotTokenAsync() =>
        (await PostAsync("/oauth/token", Basic("robot", RobotSecret), ("grant_type", "client_credentials"), ("resource", Mcp))).Is(200).GetProperty("access_token").GetString()!;

    internal Task<List<AuditEntry>> AuditAsync() => Runtime.Store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation).AsTask();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }
}

/// <summary>What the server answered.</summary>
internal sealed record Reply(int Status, string Body, HttpResponseHeaders Headers)
{
    internal string Challenge => Headers.WwwAuthenticate.ToString();

    internal JsonElement Is(int status)
    {
        Assert.True(Status == status, $"{Status}: {Body}");
        return JsonDocument.Parse(Body).RootElement;
    }

    /// <summary>The code of an OAuth error, its form checked.</summary>
    internal string Error(int status)
    {
        var error = Is(status);
        Assert.Equal("no-store", Headers.CacheControl?.ToString());
        Assert.NotEmpty(error.GetProperty("error_description").GetString()!);
        return error.GetProperty("error").GetString()!;
    }

    internal string Problem(int status) => Is(status).GetProperty("title").GetString()!;
}
