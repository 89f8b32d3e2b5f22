using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Homelab.SystemTests.Mcp.Http.Conformance;

/// <summary>The suite shows no credential: this stands before the door and shows one. Everything else passes as it is, Host and Origin too, and nothing is held back.</summary>
internal sealed class BearerProxy : IAsyncDisposable
{
    // Of one connection each; what speaks HTTP on the other side sets its own.
    private static readonly string[] s_ofConnection = ["Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length"];

    private readonly WebApplication _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None }) { Timeout = Timeout.InfiniteTimeSpan };
    private Uri? _target;
    private string? _token;

    private BearerProxy(WebApplication app)
    {
        _app = app;
        app.Run(PassAsync);
    }

    internal Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    internal static async Task<BearerProxy> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var proxy = new BearerProxy(builder.Build());
        await proxy._app.StartAsync(cancellationToken);
        return proxy;
    }

    internal void PassTo(Uri target, string token) => (_target, _token) = (target, token);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task PassAsync(HttpContext http)
    {
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), new Uri(_target!, http.Request.Path.Value));
        if (!HttpMethods.IsGet(http.Request.Method)) request.Content = new StreamContent(http.Request.Body);
        foreach (var (name, values) in http.Request.Headers.Where(h => !s_ofConnection.Contains(h.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)) request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {_token}");
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
            http.Response.StatusCode = (int)response.StatusCode;
            foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(h => !s_ofConnection.Contains(h.Key, StringComparer.OrdinalIgnoreCase))) http.Response.Headers[name] = values.ToArray();
            http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
            await http.Response.StartAsync(http.RequestAborted);
            await response.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            // The suite has seen enough.
        }
    }
}
