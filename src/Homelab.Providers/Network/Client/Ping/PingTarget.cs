using System.Net;
using System.Net.Sockets;

namespace Homelab.Providers.Network;

/// <summary>A host to ask.</summary>
/// <param name="Host">What it is called.</param>
/// <param name="Address">Its name or address.</param>
/// <param name="Ports">Where it may listen, the likeliest first.</param>
internal sealed record PingTarget(string Host, string Address, IReadOnlyList<int> Ports)
{
    // Where most hosts of a homelab answer: SSH, HTTPS, HTTP.
    private static readonly int[] s_usual = [22, 443, 80];

    /// <summary>A host of the lab, with the ports that its lab file names before the usual ones.</summary>
    internal static PingTarget Of(string name, HostDefinition host)
    {
        var ports = new List<int>();
        if (host.Ssh is { } ssh) ports.Add(ssh.Port);
        if (Uri.TryCreate(host.Docker?.Url, UriKind.Absolute, out var docker) && docker is { Scheme: "tcp" or "http" or "https", Port: > 0 }) ports.Add(docker.Port);
        return new PingTarget(name, host.Address, [.. ports.Concat(s_usual).Distinct()]);
    }

    /// <summary>An address that is no host of the lab.</summary>
    internal static PingTarget Of(string address) => new(address, address, s_usual);

    /// <summary>Its addresses, in the order in which they should be tried.</summary>
    /// <exception cref="SocketException">Nobody knows the name.</exception>
    internal async Task<IReadOnlyList<IPAddress>> ResolveAsync(CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(Address, out var address)) return [address];
        var addresses = await Dns.GetHostAddressesAsync(Address, cancellationToken).ConfigureAwait(false);
        return addresses.Length > 0 ? addresses : throw new SocketException((int)SocketError.HostNotFound);
    }
}
