using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Homelab.Providers.Network;

/// <summary>
/// Asks one name server one question: over UDP, again when nothing comes, and over TCP when the answer does not fit. Every try has its own random id
/// and its own socket (and so its own source port); what does not fit the question is not an answer to it.
/// </summary>
internal sealed class DnsClient(TimeProvider time)
{
    private const int Tries = 3;
    private const int LargestDatagram = 65_535;

    /// <param name="server">The server.</param>
    /// <param name="query">The question.</param>
    /// <param name="timeout">For all tries together; each has a third of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SocketException">The server's port is closed, or there is no way to it.</exception>
    /// <exception cref="DnsFormatException">What came over TCP is no answer, or none came and what did come cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or nothing came within the time.</exception>
    internal async Task<DnsExchange> AskAsync(IPEndPoint server, DnsQuery query, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (query.OverTcp) return new DnsExchange(await OverTcpAsync(server, query, "", cancellationToken).ConfigureAwait(false), "tcp", WasCut: false);
        var edns = true;
        var seen = new Odd();
        for (var attempt = 1; ; attempt++)
        {
            DnsMessage message;
            try
            {
                message = await OverUdpAsync(server, query, edns, timeout / Tries, seen, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                if (attempt < Tries && !cancellationToken.IsCancellationRequested) continue;
                if (seen.What is not null) throw new DnsFormatException(seen.What);
                throw;
            }

            if (message is { Code: 1, HasEdns: false } && edns)
            {
                // An old server that takes EDNS for a mistake.
                edns = false;
                continue;
            }

            return message.IsCut
                ? new DnsExchange(await OverTcpAsync(server, query, "the answer does not fit a datagram, and ", cancellationToken).ConfigureAwait(false), "tcp", WasCut: true)
                : new DnsExchange(message, "udp", WasCut: false);
        }
    }

    private async Task<DnsMessage> OverUdpAsync(IPEndPoint server, DnsQuery query, bool edns, TimeSpan timeout, Odd seen, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var id = NewId();
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        // A connected socket takes datagrams from this server only, and hears when its port is closed.
        await socket.ConnectAsync(server, linked.Token).ConfigureAwait(false);
        await socket.SendAsync(DnsMessageWriter.Query(id, query, edns), linked.Token).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(LargestDatagram);
        try
        {
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer.AsMemory(0, LargestDatagram), linked.Token).ConfigureAwait(false);
                // Somebody who guesses must not be able to end the wait by a wrong guess: note it and go on listening.
                if (TryRead(buffer.AsSpan(0, length), id, query, out var message, out var reason)) return message!;
                seen.What = reason;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<DnsMessage> OverTcpAsync(IPEndPoint server, DnsQuery query, string why, CancellationToken cancellationToken)
    {
        var id = NewId();
        byte[] answer;
        try
        {
            answer = await ExchangeAsync(server, DnsMessageWriter.Query(id, query, edns: true), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (why.Length > 0 && e is SocketException or IOException)
        {
            throw new DnsFormatException(why + "over TCP: " + Look.Of(e).Detail);
        }

        return TryRead(answer, id, query, out var message, out var reason) ? message! : throw new DnsFormatException(reason!);
    }

    private static async Task<byte[]> ExchangeAsync(IPEndPoint server, byte[] query, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        var stream = new NetworkStream(socket, ownsSocket: false);
        await using var _ = stream.ConfigureAwait(false);
        var framed = new byte[query.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Length);
        query.CopyTo(framed, 2);
        await stream.WriteAsync(framed, cancellationToken).ConfigureAwait(false);

        var prefix = new byte[2];
        await stream.ReadExactlyAsync(prefix, cancellationToken).ConfigureAwait(false);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
        await stream.ReadExactlyAsync(answer, cancellationToken).ConfigureAwait(false);
        return answer;
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, ushort id, DnsQuery query, out DnsMessage? message, out string? reason)
    {
        message = null;
        reason = null;
        try
        {
            message = DnsMessageReader.Read(bytes);
        }
        catch (DnsFormatException e)
        {
            reason = "the answer cannot be read: " + e.Message;
            return false;
        }

        // A server that could not read the question has none to repeat.
        if (message.Id == id && message.IsAnswer && (message.Answer(query.Name, query.Type) || message is { Code: 1, Questions.Count: 0 })) return true;
        reason = "the answer belongs to another question";
        return false;
    }

    private static ushort NewId() => (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);

    // What came in between and was no answer: the best explanation when nothing better follows.
    private sealed class Odd
    {
        internal string? What { get; set; }
    }
}

/// <summary>A question that was answered.</summary>
/// <param name="Message">The answer.</param>
/// <param name="Via"><c>udp</c> or <c>tcp</c>.</param>
/// <param name="WasCut">True when it did not fit a datagram and was asked for again.</param>
internal sealed record DnsExchange(DnsMessage Message, string Via, bool WasCut);
