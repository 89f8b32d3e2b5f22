using System.Net;
using System.Net.Sockets;

namespace Homelab.Tests;

/// <summary>A TCP port of the loopback on which nobody listens, and nobody else can while it is held: whoever connects is refused.</summary>
public sealed class ClosedPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    // Bound, and never listened on.
    public ClosedPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>Its number.</summary>
    public int Number => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Dispose() => _socket.Dispose();
}
