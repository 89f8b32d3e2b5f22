using System.Net;
using Homelab.Composition;
using Homelab.Host.Logging;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Homelab.Host.Web;

/// <summary>The HTTP face: alerts in, health and metrics out.</summary>
public sealed class HomelabServer : IAsyncDisposable
{
    // Long enough for a slow disk to take the last alert, short enough for a service manager.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;

    private HomelabServer(WebApplication app)
    {
        _app = app;
        Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where it listens, with the real port.</summary>
    public Uri Url { get; }

    /// <summary>Starts listening.</summary>
    /// <param name="runtime">The lab.</param>
    /// <param name="counters">What <c>/metrics</c> shows.</param>
    /// <param name="listen"><c>address:port</c>; port 0 takes a free one.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="HomelabException"><c>AddressUnusable</c> (Unavailable): somebody else listens there, or it is not ours.</exception>
    public static async Task<HomelabServer> StartAsync(HomelabRuntime runtime, HealingCounters counters, string listen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        var endpoint = IPEndPoint.TryParse(listen, out var parsed)
            ? parsed
            : throw new HomelabException(ErrorKind.Invalid, "AddressInvalid", $"'{listen}' is not an address with a port, such as 127.0.0.1:18789. Correct server.listen in the lab file.", listen);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(endpoint);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = runtime.File.Lab.Server.BodyLimit;
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = s_grace);
        var app = builder.Build();
        app.UseRouting();
        new WebhookEndpoint(runtime, counters).Map(app);
        StatusEndpoints.Map(app, runtime, counters);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            await app.DisposeAsync();
            throw new HomelabException(ErrorKind.Unavailable, "AddressUnusable", $"Cannot listen on {listen}: {e.Message} Change server.listen in the lab file, or stop what listens there.", listen, e);
        }

        return new HomelabServer(app);
    }

    /// <summary>Lets the requests under way end, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
