using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Homelab.Lab.Proxmox;

/// <summary>What a node speaks through: HTTPS with HTTP/1.1 only, as pveproxy does.</summary>
internal sealed class NodeListener : IAsyncDisposable
{
    private readonly WebApplication _app;

    private NodeListener(WebApplication app, int port)
    {
        _app = app;
        Port = port;
    }

    internal int Port { get; }

    internal static async Task<NodeListener> StartAsync(X509Certificate2 certificate, int port, RequestDelegate answer, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            // How much is too much is said by the API itself.
            options.Limits.MaxRequestBodySize = null;
            options.Listen(IPAddress.Loopback, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = certificate;
                    https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                });
            });
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(cancellationToken);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new NodeListener(app, new Uri(address).Port);
    }

    public async ValueTask DisposeAsync()
    {
        // At once: a simulated hang would otherwise be waited for.
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
