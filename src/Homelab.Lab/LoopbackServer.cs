using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Homelab.Lab;

/// <summary>An HTTP server on a free port of 127.0.0.1: what the simulated systems speak through. Nothing of the machine's configuration reaches it.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackServer(WebApplication app, Uri url)
    {
        _app = app;
        Url = url;
    }

    internal Uri Url { get; }

    internal static Task<LoopbackServer> StartAsync(RequestDelegate answer, int port = 0) => StartAsync(app => app.Run(answer), port);

    /// <summary>Starts one that answers by what is put into it.</summary>
    /// <param name="fill">Puts it in.</param>
    /// <param name="port">A free one when 0.</param>
    /// <param name="certificate">What it speaks TLS with; plain when null.</param>
    internal static async Task<LoopbackServer> StartAsync(Action<WebApplication> fill, int port = 0, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Listen(IPAddress.Loopback, port, listen =>
            {
                if (certificate is null) return;
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(https => https.ServerCertificate = certificate);
            });
        });
        if (certificate is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        fill(app);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new LoopbackServer(app, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        // At once: a simulated hang would otherwise be waited for.
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
