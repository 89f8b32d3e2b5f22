using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Homelab.Providers.Network;

/// <summary>Looks whether a name server resolves a name, to an expected value where one is given.</summary>
internal sealed class DnsProbe(DnsClient client, TimeProvider time)
{
    private const int DnsPort = 53;
    private const int MostShown = 5;
    private const int LongestDetail = 200;

    /// <summary>A name server: an address with an optional port; the system's first one when null.</summary>
    /// <exception cref="HomelabException"><c>AddressInvalid</c> (Invalid); <c>DnsServerNotKnown</c> (NotFound).</exception>
    internal static HostPort ServerOf(string? server) => server is null ? OfSystem() : HostPort.Parse(server, DnsPort);

    /// <summary>Asks one server one question, and judges the answer.</summary>
    /// <param name="server">The server.</param>
    /// <param name="query">The question.</param>
    /// <param name="expect">A value that one of the answers must have.</param>
    /// <param name="timeout">For everything together.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    internal async Task<DnsReading> AskAsync(HostPort server, DnsQuery query, string? expect, TimeSpan timeout, CancellationToken cancellationToken)
    {
        DnsExchange? exchange = null;
        var look = await Look.TakeAsync(
            time,
            timeout,
            async token =>
            {
                var endpoint = await ResolveAsync(server, token).ConfigureAwait(false);
                try
                {
                    exchange = await client.AskAsync(endpoint, query, Look.Bound(timeout), token).ConfigureAwait(false);
                }
                catch (DnsFormatException e)
                {
                    return Look.Unknown(e.Message);
                }

                return Judge(exchange.Message, query, expect);
            },
            cancellationToken).ConfigureAwait(false);
        var reading = new DnsReading
        {
            Server = server.ToString(),
            Name = query.Name,
            Type = DnsRecordTypes.NameOf(query.Type),
            Status = look.Status,
            Detail = look.Detail,
            Latency = look.Latency,
        };
        return exchange is null ? reading : Tell(reading, exchange, query);
    }

    private static DnsReading Tell(DnsReading reading, DnsExchange exchange, DnsQuery query)
    {
        var message = exchange.Message;
        var answers = message.RecordsOf(query.Name, query.Type);
        return reading with
        {
            Rcode = message.CodeName,
            ServerError = message.Options?.Error ?? "",
            Answers = [.. answers.Select(static a => a.Text)],
            Records = [.. message.Answers.Select(static a => new DnsAnswer { Name = a.Name, Type = DnsRecordTypes.NameOf((DnsRecordType)a.Type), TimeToLive = a.TimeToLive, Data = a.Text })],
            TimeToLive = answers.Count > 0 ? answers.Min(static a => a.TimeToLive) : null,
            Authoritative = message.IsAuthoritative,
            Authentic = message.IsAuthentic,
            Truncated = exchange.WasCut,
            RecursionAvailable = message.CanRecurse,
            Via = exchange.Via,
        };
    }

    private static Look Judge(DnsMessage message, DnsQuery query, string? expect)
    {
        if (message.Code != 0) return Look.Down(message.Options is { Error.Length: > 0 } options ? $"{message.CodeName} ({options.Error})" : message.CodeName);
        var answers = message.RecordsOf(query.Name, query.Type);
        if (answers.Count == 0) return Look.Down($"no {DnsRecordTypes.NameOf(query.Type)} record");
        var shown = ForeignText.Clean(string.Join(", ", answers.Take(MostShown).Select(static a => a.Text)), LongestDetail);
        if (query.Dnssec) shown += message.IsAuthentic ? " (authenticated)" : " (not authenticated)";
        if (expect is null || answers.Any(answer => IsSame(answer.Text, expect))) return Look.Up(shown);
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
            : throw new HomelabException(ErrorKind.NotFound, "DnsServerNotKnown", "This system names no name server. Say which one to ask: server, or providers.network.dns.server in the lab file.", null);
    }
}
