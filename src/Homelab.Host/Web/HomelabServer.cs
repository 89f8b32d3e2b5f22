using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Homelab.Composition;
using Homelab.Host.Logging;
using Homelab.Host.Mcp.Http;
using Homelab.Host.Web.Access;
using Homelab.Host.Web.Access.OAuth;
using Homelab.Host.Web.Rest;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Homelab.Host.Web;

/// <summary>The HTTP face: alerts in, health and metrics out, the REST routes, and MCP.</summary>
public sealed class HomelabServer : IAsyncDisposable
{
    // An alert may come in a query: a monitor with all its settings, percent-encoded, is longer than the 8 KiB that a request line usually may have.
    private const int LongestRequestLine = 65_536;

    private readonly WebApplication _app;
    private readonly McpDoor _mcp;

    private HomelabServer(WebApplication app, Doorkeeper door, McpDoor mcp)
    {
        _app = app;
        _mcp = mcp;
        Door = door;
        Url = UrlOf(app);
    }

    /// <summary>How long the end waits for requests under way: long enough for a slow disk to take the last alert, short enough for a service manager.</summary>
    internal static TimeSpan Grace { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Where it listens, with the real port.</summary>
    public Uri Url { get; }

    /// <summary>Who lets clients in.</summary>
    internal Doorkeeper Door { get; }

    /// <summary>Every route, for whoever counts the ways in.</summary>
    internal IReadOnlyList<Endpoint> Endpoints => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    /// <summary>The door for AI clients.</summary>
    internal McpDoor Mcp => _mcp;

    /// <summary>Starts listening.</summary>
    /// <param name="runtime">The lab.</param>
    /// <param name="counters">What <c>/metrics</c> shows.</param>
    /// <param name="listen"><c>address:port</c>; port 0 takes a free one.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="HomelabException"><c>AddressUnusable</c> (Unavailable): somebody else listens there, or it is not ours.</exception>
    public static Task<HomelabServer> StartAsync(HomelabRuntime runtime, HealingCounters counters, string listen, CancellationToken cancellationToken) =>
        StartAsync(runtime, counters, new JsonLog(TextWriter.Null, TimeProvider.System), listen, Grace, cancellationToken);

    /// <summary>Starts listening, and writes down who comes by MCP.</summary>
    internal static async Task<HomelabServer> StartAsync(HomelabRuntime runtime, HealingCounters counters, JsonLog log, string listen, TimeSpan grace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        var endpoint = await EndpointAsync(listen, cancellationToken);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(endpoint);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = runtime.File.Lab.Server.BodyLimit;
            kestrel.Limits.MaxRequestLineSize = LongestRequestLine;
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = grace);
        var app = builder.Build();
        var address = new McpAddress(runtime.File.Lab.Mcp, () => UrlOf(app));
        var door = new Doorkeeper(runtime, address);
        app.Use(new StrayCalls(runtime, door).WatchAsync);
        app.Use(ExplainAsync);
        app.UseRouting();
        new WebhookEndpoint(runtime, counters).Map(app);
        StatusEndpoints.Map(app, runtime, counters);
        new OAuthRoutes(runtime, address, door).Map(app);
        new RestRoutes(runtime, door, app.Lifetime.ApplicationStopping).Map(app);
        var mcp = McpAtHost.Open(runtime, log, http => door.LetInAsync(http, Face.Mcp), app.Lifetime.ApplicationStopping);
        mcp.Map(app);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception e)
        {
            await mcp.DisposeAsync();
            await app.DisposeAsync();
            await door.DisposeAsync();
            // Taken already, not an address of this machine, or a port that only root may have.
            if (e is not (IOException or SocketException)) throw;
            throw Unusable(listen, e);
        }

        return new HomelabServer(app, door, mcp);
    }

    /// <summary>Lets the requests under way end, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _mcp.DisposeAsync();
        await _app.DisposeAsync();
        await Door.DisposeAsync();
    }

    private static Uri UrlOf(WebApplication app) => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    // The lab file may give a name in place of an address: localhost, or the machine's own on the tailnet.
    private static async Task<IPEndPoint> EndpointAsync(string listen, CancellationToken cancellationToken)
    {
        if (IPEndPoint.TryParse(listen, out var endpoint)) return endpoint;
        var colon = listen.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(listen.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            throw new HomelabException(ErrorKind.Invalid, "AddressInvalid", $"'{listen}' is not an address with a port, such as 127.0.0.1:18789. Correct server.listen in the lab file.", listen);
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(listen[..colon], cancellationToken);
            return new IPEndPoint(addresses.FirstOrDefault(static a => a.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0], port);
        }
        catch (SocketException e)
        {
            throw Unusable(listen, e);
        }
    }

    private static HomelabException Unusable(string listen, Exception cause) => new(
        ErrorKind.Unavailable,
        "AddressUnusable",
        $"Cannot listen on {listen}: {cause.Message.TrimEnd('.')}. Change server.listen in the lab file, or stop what listens there.",
        listen,
        cause);

    // What no route has answered is answered with a reason too.
    private static async Task ExplainAsync(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (http.Response.HasStarted) return;
        switch (http.Response.StatusCode)
        {
            case StatusCodes.Status404NotFound:
                await Problem.WriteAsync(http, StatusCodes.Status404NotFound, "PathNotFound", "There is nothing at this path. Hooks are at /hooks/{name}, MCP is at /mcp; besides them there are /health, /metrics, and below /api vms, nodes, storage, cluster/status and approvals.");
                break;
            case StatusCodes.Status405MethodNotAllowed:
                await Problem.WriteAsync(http, StatusCodes.Status405MethodNotAllowed, "MethodNotAllowed", $"This path takes {http.Response.Headers.Allow} alone.");
                break;
        }
    }
}
