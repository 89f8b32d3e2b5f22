using System.Net.Sockets;

namespace Homelab.SystemTests.Docker;

/// <summary>A socket that leads to another one, and can be cut off: the network between us and an engine.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly string _target;
    private readonly Lock _lock = new();
    private readonly List<Socket> _open = [];
    private Socket? _listener;
    private readonly List<Task> _accepting = [];

    internal Relay(string target)
    {
        _target = target["unix://".Length..];
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"hlr{Guid.NewGuid():N}"[..15]);
        Restore();
    }

    internal string Path { get; }

    internal string Endpoint => "unix://" + Path;

    /// <summary>Ends every connection, and lets nobody in.</summary>
    internal void Cut()
    {
        lock (_lock)
        {
            _listener?.Dispose();
            _listener = null;
            File.Delete(Path);
            EndAll();
        }
    }

    internal void Restore()
    {
        lock (_lock)
        {
            _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            _listener.Bind(new UnixDomainSocketEndPoint(Path));
            _listener.Listen();
            _accepting.Add(AcceptAsync(_listener));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        await Task.WhenAll(_accepting);
    }

    // Held: the lock.
    private void EndAll()
    {
        foreach (var socket in _open) socket.Dispose();
        _open.Clear();
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var near = await listener.AcceptAsync();
                var far = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await far.ConnectAsync(new UnixDomainSocketEndPoint(_target));
                lock (_lock)
                {
                    _open.AddRange([near, far]);
                    // Let in before it was cut off, and not yet known then.
                    if (_listener != listener) EndAll();
                }

                _ = PumpAsync(near, far);
                _ = PumpAsync(far, near);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was cut off.
        }
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count) await to.SendAsync(buffer.AsMemory(0, count));
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was cut off.
        }
    }
}
