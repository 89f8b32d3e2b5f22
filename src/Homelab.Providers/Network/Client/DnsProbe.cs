using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Homelab.Providers.Network;

/// <summary>Looks whether a name server resolves a name, to an expected value where one is given.</summary>
internal sealed class DnsProbe(DnsClient client, TimeProvider time)
{
    private const int DnsPort = 53;
    private const int MostShown = 5;

    /// <summary>Asks, and judges the answer.</summary>
    /// <param name="server">An address with an optional port; the system's first name server when null.</param>
    /// <param name="name">The name; with type PTR also an address.</param>
    /// <param name="type">The record type.</param>
    /// <param name="expect">A value that one of the answers must have.</param>
    /// <param name="timeout">For everything together.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="HomelabException"><c>AddressInvalid</c>, <c>DnsNameInvalid</c>, <c>DnsTypeInvalid</c> (Invalid); <c>DnsServerNotKnown</c> (NotFound).</exception>
    internal async Task<DnsReading> AskAsync(string? server, string name, string type, string? expect, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var recordType = DnsRecordTypes.Parse(type);
        var asked = DnsName.Normalize(name, recordType);
        var address = server is null ? OfSystem() : HostPort.Parse(server, DnsPort);
        DnsMessage? message = null;
        var via = "";
        var look = await Look.TakeAsync(
            time,
            timeout,
            async token =>
            {
                var endpoint = await ResolveAsync(address, token).ConfigureAwait(false);
                try
                {
                    (message, via) = await client.AskAsync(endpoint, asked, recordType, Look.Bound(timeout), token).ConfigureAwait(false);
                }
                catch (DnsFormatException e)
                {
                    return Look.Unknown(e.Message);
                }

                return Judge(message, asked, recordType, expect);
            },
            cancellationToken).ConfigureAwait(false);
        return new DnsReading
        {
            Server = address.ToString(),
            Name = asked,
            Type = recordType.ToString(),
            Status = look.Status,
            Detail = look.Detail,
            Rcode = message?.CodeName ?? "",
            Answers = message?.TextsOf(asked, recordType) ?? [],
            Latency = look.Latency,
            Via = via,
        };
    }

    private static Look Judge(DnsMessage message, string name, DnsRecordType type, string? expect)
    {
        if (message.Code != 0) return Look.Down(message.CodeName);
        var answers = message.TextsOf(name, type);
        if (answers.Count == 0) return Look.Down($"no {type} record");
        var shown = ForeignText.Clean(string.Join(", ", answers.Take(MostShown)), 200);
        if (expect is null || answers.Any(answer => IsSame(answer, expect))) return Look.Up(shown);
        return Look.Down($"{shown}; expected {ForeignText.Clean(expect, 100)}");
    }

    private static bool IsSame(string answer, string expect)
    {
        if (IPAddress.TryParse(answer, out var a) && IPAddress.TryParse(expect.Trim(), out var b)) return a.Equals(b);
        return string.Equals(answer.TrimEnd('.'), expect.Trim().TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<IPEndPoint> ResolveAsync(HostPort server, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(server.Host, out var address)) return new IPEndPoint(address, server.Port);
        var addresses = await Dns.GetHostAddressesAsync(server.Host, cancellationToken).ConfigureAwait(false);
        return addresses.Length > 0 ? new IPEndPoint(addresses[0], server.Port) : throw new SocketException((int)SocketError.HostNotFound);
    }

    private static HostPort OfSystem()
    {
        var first = NetworkInterface.GetAllNetworkInterfaces()
            .Where(static i => i.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(static i => i.GetIPProperties().DnsAddresses)
            .FirstOrDefault();
        return first is not null
            ? new HostPort(first.ToString(), DnsPort)
            : throw new HomelabException(ErrorKind.NotFound, "DnsServerNotKnown", "This system names no name server. Say which one to ask: server.", null);
    }
}
