using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Homelab.Lab.Docker;

/// <summary>Kestrel without a host around it: a host would take Ctrl+C from the program that it runs in.</summary>
internal sealed class EngineListener : IAsyncDisposable
{
    private readonly KestrelServer _server;

    private EngineListener(KestrelServer server) => _server = server;

    /// <summary>The port that was taken, when one was asked for.</summary>
    internal int? Port { get; private init; }

    internal static async Task<EngineListener> StartAsync(string? socketPath, int? port, Func<HttpContext, Task> handle, CancellationToken cancellationToken)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        if (socketPath is not null) options.ListenUnixSocket(socketPath);
        if (port is { } number) options.Listen(IPAddress.Loopback, number);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        var server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        await server.StartAsync(new Application(handle), cancellationToken);
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(static a => a.StartsWith("http://127.", StringComparison.Ordinal));
        return new EngineListener(server) { Port = address is null ? null : new Uri(address).Port };
    }

    public async ValueTask DisposeAsync()
    {
        // Event streams never end by themselves: no grace.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _server.StopAsync(now.Token);
        _server.Dispose();
    }

    private sealed class Application(Func<HttpContext, Task> handle) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => handle(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
            // The context holds nothing of its own.
        }
    }
}
