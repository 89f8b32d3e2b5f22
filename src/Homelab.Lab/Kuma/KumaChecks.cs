using System.Net;
using System.Net.Http;
using System.Net.Sockets;

namespace Homelab.Lab.Kuma;

/// <summary>Real looks, in Uptime Kuma's words.</summary>
public static class KumaChecks
{
    /// <summary>An http monitor that takes 200 to 299.</summary>
    public static Func<CancellationToken, Task<(bool Up, string Message)>> Http(Uri url, TimeSpan? timeout = null) => async cancellationToken =>
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { Timeout = timeout ?? TimeSpan.FromSeconds(5) };
        try
        {
            using var response = await http.GetAsync(url, cancellationToken);
            var status = (int)response.StatusCode;
            return response.IsSuccessStatusCode ? (true, $"{status} - {response.ReasonPhrase}") : (false, $"Request failed with status code {status}");
        }
        catch (HttpRequestException e)
        {
            return (false, Words(e.InnerException as SocketException, url.Host, url.Port));
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (false, $"timeout of {http.Timeout.TotalMilliseconds}ms exceeded");
        }
    };

    /// <summary>A port monitor.</summary>
    public static Func<CancellationToken, Task<(bool Up, string Message)>> Port(IPEndPoint endpoint) => async cancellationToken =>
    {
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            return (true, "");
        }
        catch (SocketException e)
        {
            return (false, Words(e, endpoint.Address.ToString(), endpoint.Port));
        }
    };

    private static string Words(SocketException? e, string host, int port) => e?.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => $"connect ECONNREFUSED {host}:{port}",
        SocketError.ConnectionReset => "read ECONNRESET",
        SocketError.HostNotFound => $"getaddrinfo ENOTFOUND {host}",
        _ => "socket hang up",
    };
}
