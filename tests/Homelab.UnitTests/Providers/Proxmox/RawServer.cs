using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>A server on loopback that speaks HTTP byte by byte as a test says, keeps connections, and can drop them at any point.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<RawRequest, RawReply> _answer;
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<RawRequest> _requests = new();
    private Task _accepting = Task.CompletedTask;
    private int _connections;

    /// <param name="answer">What it answers.</param>
    /// <param name="certificate">Speaks TLS with it.</param>
    /// <param name="listens">False where it has its port, and who connects is refused, until <see cref="Listen"/>.</param>
    internal RawServer(Func<RawRequest, RawReply> answer, X509Certificate2? certificate = null, bool listens = true)
    {
        _answer = answer;
        _certificate = certificate;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        if (listens) Listen();
    }

    internal int Port { get; }

    internal Uri Url => new($"{(_certificate is null ? "http" : "https")}://localhost:{Port}");

    internal IReadOnlyList<RawRequest> Requests => [.. _requests];

    /// <summary>How many connections were opened to it.</summary>
    internal int Connections => Volatile.Read(ref _connections);

    /// <summary>From now on it is there.</summary>
    internal void Listen()
    {
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_ending.IsCancellationRequested) return;
        await _ending.CancelAsync();
        await _accepting;
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync(_ending.Token);
                serving.Add(ServeAsync(client, Interlocked.Increment(ref _connections)));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
            _listener.Dispose();
        }

        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(Socket client, int connection)
    {
        using var held = client;
        try
        {
            Stream stream = new NetworkStream(client);
            if (_certificate is not null)
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync(_certificate);
                stream = secure;
            }

            while (await RawRequest.ReadAsync(stream, connection, _ending.Token) is { } request)
            {
                _requests.Enqueue(request);
                var reply = _answer(request);
                if (reply.Until is { } until) await until.WaitAsync(_ending.Token);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(reply.Text), _ending.Token);
                await stream.WriteAsync(reply.Rest, _ending.Token);
                if (reply.Drops) return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client hung up, does not trust us, or the test is over.
        }
    }
}

/// <summary>One request as it came.</summary>
internal sealed record RawRequest(int Connection, string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The target without <c>/api2/json</c> and the query.</summary>
    internal string Path => Target["/api2/json".Length..].Split('?')[0];

    /// <summary>One field of the form that was sent.</summary>
    internal string? Field(string name) =>
        Body.Split('&').Select(static f => f.Split('=', 2)).Where(f => f[0] == name).Select(static f => Uri.UnescapeDataString(f[1])).FirstOrDefault();

    internal static async Task<RawRequest?> ReadAsync(Stream stream, int connection, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, cancellationToken) == 0) return null;
            head.Append((char)one[0]);
        }

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var first = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(static l => l.Split(": ", 2)).ToDictionary(static h => h[0], static h => h[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[headers.TryGetValue("Content-Length", out var length) ? int.Parse(length) : 0];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return new RawRequest(connection, first[0], first[1], headers, Encoding.UTF8.GetString(body));
    }
}

/// <summary>What is sent back.</summary>
internal sealed record RawReply(string Text)
{
    /// <summary>What follows and is no text.</summary>
    internal byte[] Rest { get; init; } = [];

    /// <summary>The connection ends after it.</summary>
    internal bool Drops { get; init; }

    /// <summary>Nothing is sent before this is done.</summary>
    internal Task? Until { get; init; }

    /// <summary>The connection ends without a word.</summary>
    internal static RawReply Nothing { get; } = new("") { Drops = true };

    /// <summary>No answer ever comes.</summary>
    internal static RawReply Silence { get; } = new("") { Until = new TaskCompletionSource().Task };

    /// <summary>An answer as Proxmox gives it when it worked: the connection is kept.</summary>
    internal static RawReply Data(string json) => Ok($$"""{"data":{{json}}}""");

    internal static RawReply Ok(string body, string type = "application/json;charset=UTF-8") =>
        new($"HTTP/1.1 200 OK\r\nConnection: Keep-Alive\r\nServer: pve-api-daemon/3.0\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>A refusal as Proxmox gives it: the connection ends. Without a body it has no length either.</summary>
    internal static RawReply Refusal(int status, string reason, string body = "") =>
        new(body.Length == 0
            ? $"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nServer: pve-api-daemon/3.0\r\n\r\n"
            : $"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}")
        { Drops = true };
}
