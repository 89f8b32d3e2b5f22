using System.Net;
using System.Net.Sockets;

namespace Homelab.Tests;

/// <summary>A port of the loopback on which nobody listens, and which nobody else is given as long as it is held: who connects is refused.</summary>
public sealed class ClosedPort : IDisposable
{
    // Bound, and not listening.
    private readonly Socket _held = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ClosedPort()
    {
        _held.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Number = ((IPEndPoint)_held.LocalEndPoint!).Port;
    }

    /// <summary>Its number.</summary>
    public int Number { get; }

    /// <summary>What would be there, by HTTP.</summary>
    public Uri Url => new($"http://127.0.0.1:{Number}/");

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();
}
