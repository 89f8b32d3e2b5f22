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
    /// <param name="name">Normalised; see <see cref="DnsName"/>.</param>
    /// <param name="type">The record type.</param>
    /// <param name="timeout">For all tries together; each has a third of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SocketException">The server's port is closed, or there is no way to it.</exception>
    /// <exception cref="DnsFormatException">What came over TCP is no answer, or none came and what did come cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or nothing came within the time.</exception>
    internal async Task<(DnsMessage Message, string Via)> AskAsync(IPEndPoint server, string name, DnsRecordType type, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var edns = true;
        var seen = new Odd();
        for (var attempt = 1; ; attempt++)
        {
            DnsMessage message;
            try
            {
                message = await OverUdpAsync(server, name, type, edns, timeout / Tries, seen, cancellationToken).ConfigureAwait(false);
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

            return message.IsCut ? (await OverTcpAsync(server, name, type, cancellationToken).ConfigureAwait(false), "tcp") : (message, "udp");
        }
    }

    private async Task<DnsMessage> OverUdpAsync(IPEndPoint server, string name, DnsRecordType type, bool edns, TimeSpan timeout, Odd seen, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var id = NewId();
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        // A connected socket takes datagrams from this server only, and hears when its port is closed.
        await socket.ConnectAsync(server, linked.Token).ConfigureAwait(false);
        await socket.SendAsync(DnsMessageWriter.Query(id, name, type, edns), linked.Token).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(LargestDatagram);
        try
        {
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer.AsMemory(0, LargestDatagram), linked.Token).ConfigureAwait(false);
                // Somebody who guesses must not be able to end the wait by a wrong guess: note it and go on listening.
                if (TryRead(buffer.AsSpan(0, length), id, name, type, out var message, out var reason)) return message!;
                seen.What = reason;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<DnsMessage> OverTcpAsync(IPEndPoint server, string name, DnsRecordType type, CancellationToken cancellationToken)
    {
        var id = NewId();
        byte[] answer;
        try
        {
            answer = await ExchangeAsync(server, DnsMessageWriter.Query(id, name, type, edns: true), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new DnsFormatException("the answer does not fit a datagram, and over TCP: " + Look.Of(e).Detail);
        }

        return TryRead(answer, id, name, type, out var message, out var reason) ? message! : throw new DnsFormatException(reason!);
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

    private static bool TryRead(ReadOnlySpan<byte> bytes, ushort id, string name, DnsRecordType type, out DnsMessage? message, out string? reason)
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
        if (message.Id == id && message.IsAnswer && (message.Answer(name, type) || message is { Code: 1, Questions.Count: 0 })) return true;
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
