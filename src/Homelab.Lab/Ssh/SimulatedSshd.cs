using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Homelab.Lab.Ssh;

/// <summary>
/// An SSH server on a port of 127.0.0.1 that keeps its port for life, also while nothing listens there. It lets one account in by one key, and what it is asked to run is simulated:
/// nothing runs on this machine.
/// </summary>
internal sealed class SimulatedSshd : IAsyncDisposable
{
    private const int Backlog = 64;

    private readonly SimulatedSshKey _hostKey = new();
    private readonly string _user;
    private readonly SimulatedSshKey _userKey;
    private readonly Func<SshExec, CancellationToken, Task<int>> _runAsync;
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _serving = [];
    private CancellationTokenSource _up = new();
    private Socket _socket;
    private bool _ended;

    /// <summary>Starts one.</summary>
    /// <param name="user">The account.</param>
    /// <param name="userKey">Its key.</param>
    /// <param name="runAsync">Runs a command and gives its exit code.</param>
    internal SimulatedSshd(string user, SimulatedSshKey userKey, Func<SshExec, CancellationToken, Task<int>> runAsync)
    {
        (_user, _userKey, _runAsync) = (user, userKey, runAsync);
        _socket = Bind(port: 0);
        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        Listen();
    }

    /// <summary>Where it listens, or would.</summary>
    internal int Port { get; }

    /// <summary>Its public key.</summary>
    internal string HostKey => _hostKey.PublicLine;

    /// <summary>Cuts every connection, and turns new ones away.</summary>
    internal async Task GoDownAsync()
    {
        CancellationTokenSource up;
        Task[] serving;
        lock (_lock)
        {
            up = _up;
            // A program that is just being started holds a copy of every socket. Closing ends ours only, and the copy listens on until the program runs.
            var listener = _socket;
            if (!OperatingSystem.IsLinux()) listener.Dispose();
            else if (!up.IsCancellationRequested) listener.Shutdown(SocketShutdown.Both);
            // Where that is possible, the port is taken again before it is given back: not even for a moment it is anybody's.
            if (!_ended) _socket = Bind(Port);
            listener.Dispose();
            serving = [.. _serving];
        }

        await up.CancelAsync();
        await Task.WhenAll(serving);
    }

    /// <summary>Listens again.</summary>
    internal void ComeUp()
    {
        lock (_lock)
        {
            if (_ended || !_up.IsCancellationRequested) return;
            _up.Dispose();
            _up = new CancellationTokenSource();
            Listen();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_ended) return;
            _ended = true;
        }

        await GoDownAsync();
        _up.Dispose();
        _hostKey.Dispose();
    }

    // Bound but not listening: who connects is refused, and the system gives the port to nobody who asks for any free one.
    private static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        // What was served before may still hold the port for a while.
        if (!OperatingSystem.IsWindows()) socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private void Listen()
    {
        _socket.Listen(Backlog);
        Track(AcceptAsync(_socket, _up.Token));
    }

    private void Track(Task task)
    {
        lock (_lock)
        {
            _serving.RemoveWhere(static t => t.IsCompleted);
            _serving.Add(task);
        }
    }

    private async Task AcceptAsync(Socket listener, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                Track(ServeAsync(await listener.AcceptAsync(cancellationToken), cancellationToken));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // It goes down.
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client, CancellationToken cancellationToken)
    {
        await Task.Yield();
        client.NoDelay = true;
        await using var stream = new NetworkStream(client, ownsSocket: true);
        await using var connection = new SshConnection(stream, _hostKey, _user, _userKey, _runAsync);
        try
        {
            await connection.ServeAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or InvalidDataException or CryptographicException or ArgumentException)
        {
            // The client has left, speaks something else, or the machine goes down: the connection ends.
        }
    }
}
