using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Homelab.Lab.Services;

/// <summary>
/// A service on a port of 127.0.0.1 that keeps its port for life, also while nothing listens there: HTTP, or HTTPS with a certificate. What only looks at
/// the port may look at it too.
/// </summary>
public sealed class SimulatedService : IAsyncDisposable
{
    private const int LongestHead = 32 * 1024;

    private readonly Func<string, ServiceAnswer?> _answer;
    private volatile X509Certificate2? _certificate;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];
    private Socket _socket;
    private bool _listens;
    private ServiceFault _fault;
    private int _connections;

    private SimulatedService(Func<string, ServiceAnswer?> answer, X509Certificate2? certificate, TimeProvider time, int port)
    {
        _answer = answer;
        _certificate = certificate;
        _time = time;
        _socket = Bind(port);
        Endpoint = (IPEndPoint)_socket.LocalEndPoint!;
        Url = new Uri($"{(certificate is null ? "http" : "https")}://{(certificate is null ? "127.0.0.1" : "localhost")}:{Endpoint.Port}/");
    }

    /// <summary>Where it listens, or would.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>Its address. With a certificate the host is <c>localhost</c>.</summary>
    public Uri Url { get; }

    /// <summary>How long it takes when its fault is <see cref="ServiceFault.Slow"/>.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The certificate that it shows from the next connection on; null for a service that speaks no TLS.</summary>
    public X509Certificate2? Certificate
    {
        get => _certificate;
        set => _certificate = (_certificate is null) == (value is null) ? value : throw new InvalidOperationException("A service speaks TLS from its beginning, or never.");
    }

    /// <summary>How many connections it has accepted.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>What is wrong with it. Takes effect at once; connections that are open stay as they are.</summary>
    public ServiceFault Fault
    {
        get => _fault;
        set
        {
            lock (_lock)
            {
                _fault = value;
                if (_ending.IsCancellationRequested) return;
                if (value == ServiceFault.Refuse) Close();
                else Open();
            }
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="answer">Given the path of a request, what to answer; null hangs up, as a port does behind which the service has just died.</param>
    /// <param name="certificate">With its key; makes it speak TLS.</param>
    /// <param name="time">The clock of slow answers.</param>
    /// <param name="port">A free one when 0.</param>
    public static Task<SimulatedService> StartAsync(Func<string, ServiceAnswer?> answer, X509Certificate2? certificate = null, TimeProvider? time = null, int port = 0)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var service = new SimulatedService(answer, certificate, time ?? TimeProvider.System, port);
        service.Fault = ServiceFault.None;
        return Task.FromResult(service);
    }

    /// <summary>Closes the port and every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_lock)
        {
            if (_ending.IsCancellationRequested) return;
            _ending.Cancel();
            _socket.Dispose();
            running = [.. _running];
        }

        await Task.WhenAll(running);
        _ending.Dispose();
    }

    // Bound but not listening: who connects is refused, and the system gives the port to nobody who asks for any free one.
    private static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private void Open()
    {
        if (_listens) return;
        _socket.Listen(128);
        _listens = true;
        Track(AcceptAsync(_socket));
    }

    private void Close()
    {
        if (!_listens) return;
        // A program that is just being started holds a copy of every socket. Closing ends ours only, and the copy listens on until the program runs.
        var listener = _socket;
        if (OperatingSystem.IsLinux()) listener.Shutdown(SocketShutdown.Both);
        else listener.Dispose();
        // Where that is possible, the port is taken again before it is given back: not even for a moment it is anybody's.
        _socket = Bind(Endpoint.Port);
        listener.Dispose();
        _listens = false;
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket connection;
            try
            {
                connection = await listener.AcceptAsync(_ending.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }

            Interlocked.Increment(ref _connections);
            lock (_lock) Track(ServeAsync(connection));
        }
    }

    // Called with the lock held.
    private void Track(Task task)
    {
        _running.RemoveWhere(static t => t.IsCompleted);
        _running.Add(task);
    }

    private async Task ServeAsync(Socket connection)
    {
        await Task.Yield();
        using var _ = connection;
        try
        {
            await using var network = new NetworkStream(connection, ownsSocket: false);
            if (_certificate is null)
            {
                await AnswerAsync(network, connection);
                return;
            }

            await using var tls = new SslStream(network);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _ending.Token);
            await AnswerAsync(tls, connection);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or AuthenticationException or ObjectDisposedException)
        {
            // The asker hung up, or we are ending: a server's daily bread.
        }
    }

    private async Task AnswerAsync(Stream stream, Socket connection)
    {
        if (await ReadPathAsync(stream) is not { } path) return;
        var fault = Fault;
        if (fault == ServiceFault.Hang) await Task.Delay(Timeout.InfiniteTimeSpan, _ending.Token);
        if (fault == ServiceFault.Slow) await Task.Delay(Delay, _time, _ending.Token);
        if (fault == ServiceFault.Garbage)
        {
            await stream.WriteAsync("SSH-2.0-OpenSSH_9.2p1\r\n"u8.ToArray(), _ending.Token);
            return;
        }

        var answer = fault == ServiceFault.WrongAnswer ? new ServiceAnswer(200, "It works!") : _answer(path);
        if (answer is null)
        {
            // A reset, not an orderly end.
            connection.LingerState = new LingerOption(true, 0);
            return;
        }

        var body = Encoding.UTF8.GetBytes(answer.Body);
        var location = answer.Location is null ? "" : $"Location: {answer.Location}\r\n";
        var head = $"HTTP/1.1 {answer.Status} Simulated\r\nContent-Type: {answer.ContentType}\r\nContent-Length: {body.Length}\r\n{location}Connection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(fault == ServiceFault.CutOff ? head[..(head.Length / 2)] : head), _ending.Token);
        if (fault != ServiceFault.CutOff) await stream.WriteAsync(body, _ending.Token);
    }

    private async Task<string?> ReadPathAsync(Stream stream)
    {
        var head = new byte[LongestHead];
        var length = 0;
        while (head.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            if (length == head.Length) return null;
            var read = await stream.ReadAsync(head.AsMemory(length), _ending.Token);
            // A look at the port alone: it connects, and goes.
            if (read == 0) return null;
            length += read;
        }

        return Encoding.ASCII.GetString(head, 0, length).Split(' ', 3) is [_, var path, ..] ? path : null;
    }
}
