using System.Net.Sockets;

namespace Homelab.Providers.Network;

/// <summary>Looks whether a port accepts connections.</summary>
internal sealed class TcpProbe(TimeProvider time)
{
    internal Task<Look> AskAsync(HostPort address, TimeSpan timeout, CancellationToken cancellationToken) =>
        Look.TakeAsync(
            time,
            timeout,
            async token =>
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(address.Host, address.Port, token).ConfigureAwait(false);
                return Look.Up("connected");
            },
            cancellationToken);
}
