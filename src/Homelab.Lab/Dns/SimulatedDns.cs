using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Homelab.Lab.Dns;

/// <summary>A name server on one port of 127.0.0.1, over UDP and TCP, with the records it is given.</summary>
public sealed class SimulatedDns : IAsyncDisposable
{
    private const int PortTries = 20;

    private readonly ConcurrentDictionary<(string Name, string Type), IReadOnlyList<string>> _records = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Socket _udp;
    private readonly TcpListener _tcp;
    private readonly Task _running;
    private int _questions;

    private SimulatedDns(Socket udp, TcpListener tcp)
    {
        _udp = udp;
        _tcp = tcp;
        Endpoint = (IPEndPoint)udp.LocalEndPoint!;
        _running = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>What is wrong with it. Takes effect with the next question.</summary>
    public DnsFault Fault { get; set; }

    /// <summary>How many questions it has been asked.</summary>
    public int Questions => Volatile.Read(ref _questions);

    /// <summary>Starts one without records.</summary>
    /// <param name="port">A free one when 0.</param>
    public static Task<SimulatedDns> StartAsync(int port = 0)
    {
        for (var attempt = 1; ; attempt++)
        {
            var tcp = new TcpListener(IPAddress.Loopback, port);
            tcp.Start();
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                udp.Bind(tcp.LocalEndpoint);
                return Task.FromResult(new SimulatedDns(udp, tcp));
            }
            catch (SocketException) when (port == 0 && attempt < PortTries)
            {
                // The port was free for TCP and taken for UDP.
                udp.Dispose();
                tcp.Dispose();
            }
        }
    }

    /// <summary>Sets the records of a name: <c>Set("gitea.home.arpa", "A", "127.0.0.1")</c>. A, AAAA, CNAME, NS, PTR, TXT, MX (<c>10 mail.home.arpa</c>) and SRV.</summary>
    public void Set(string name, string type, params string[] values)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(type);
        // Now, rather than when it is asked for.
        foreach (var value in values) _ = DnsAnswerWriter.Data(type, value);
        _records[(name.ToLowerInvariant(), type.ToUpperInvariant())] = [.. values];
    }

    /// <summary>Forgets the records of a name.</summary>
    public void Remove(string name, string type)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(type);
        _records.TryRemove((name.ToLowerInvariant(), type.ToUpperInvariant()), out _);
    }

    /// <summary>Closes the port.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ending.IsCancellationRequested) return;
        await _ending.CancelAsync();
        // First whoever serves ends: a listener that is closed under somebody's feet says so in more than one way.
        await _running;
        _udp.Dispose();
        _tcp.Dispose();
        _ending.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[65_535];
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                var received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _ending.Token);
                if (DnsQuestion.TryRead(buffer.AsSpan(0, received.ReceivedBytes)) is not { } question) continue;
                foreach (var answer in Answers(question, overTcp: false)) await _udp.SendToAsync(answer, received.RemoteEndPoint, _ending.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // An asker that is gone already makes the next receive fail once.
            }
        }
    }

    private async Task ServeTcpAsync()
    {
        while (true)
        {
            try
            {
                using var connection = await _tcp.AcceptTcpClientAsync(_ending.Token);
                await using var stream = connection.GetStream();
                var prefix = new byte[2];
                await stream.ReadExactlyAsync(prefix, _ending.Token);
                var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
                await stream.ReadExactlyAsync(message, _ending.Token);
                if (Fault == DnsFault.TruncatedWithoutTcp || DnsQuestion.TryRead(message) is not { } question) continue;
                foreach (var answer in Answers(question, overTcp: true))
                {
                    BinaryPrimitives.WriteUInt16BigEndian(prefix, (ushort)answer.Length);
                    // In two pieces, as a network may deliver it.
                    await stream.WriteAsync(prefix, _ending.Token);
                    await stream.WriteAsync(answer, _ending.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // The asker hung up.
            }
        }
    }

    private IEnumerable<byte[]> Answers(DnsQuestion question, bool overTcp)
    {
        var number = Interlocked.Increment(ref _questions);
        var fault = Fault;
        switch (fault)
        {
            case DnsFault.Silence:
            case DnsFault.Lossy when number % 3 == 1:
                yield break;
            case DnsFault.Garbage:
                yield return [(byte)(question.Id >> 8), (byte)question.Id, 0x81, 0x80, 0, 1, 0, 9, 0xC0, 0x0C];
                yield break;
            case DnsFault.Refuse:
                yield return DnsAnswerWriter.Write(question, 5, []);
                yield break;
            case DnsFault.ServFail:
                yield return DnsAnswerWriter.Write(question, 2, []);
                yield break;
            case DnsFault.WithoutEdns when question.HasEdns:
                yield return DnsAnswerWriter.Write(question with { HasEdns = false }, 1, []);
                yield break;
            case DnsFault.Truncated or DnsFault.TruncatedWithoutTcp when !overTcp:
                yield return DnsAnswerWriter.Write(question, 0, [], cut: true);
                yield break;
            case DnsFault.Spoofed:
                yield return DnsAnswerWriter.Write(question with { Id = (ushort)(question.Id + 1) }, 0, [(question.Name, "A", "192.0.2.66")]);
                break;
        }

        var found = Find(question, fault);
        yield return DnsAnswerWriter.Write(question, found.Code, found.Records);
    }

    private (int Code, List<(string Name, string Type, string Value)> Records) Find(DnsQuestion question, DnsFault fault)
    {
        var records = new List<(string, string, string)>();
        if (fault == DnsFault.WrongAnswer && question.Type == "A")
        {
            records.Add((question.Name, "A", "192.0.2.66"));
            return (0, records);
        }

        var name = question.Name.ToLowerInvariant();
        // Follows aliases of its own, as a resolver does; a ring of them ends with the round.
        for (var hop = 0; hop < 8; hop++)
        {
            if (_records.TryGetValue((name, question.Type), out var values))
            {
                records.AddRange(values.Select(value => (name, question.Type, value)));
                return (0, records);
            }

            if (!_records.TryGetValue((name, "CNAME"), out var alias)) break;
            records.Add((name, "CNAME", alias[0]));
            name = alias[0].ToLowerInvariant();
        }

        var exists = records.Count > 0 || _records.Keys.Any(key => key.Name == name);
        return (exists ? 0 : 3, records);
    }
}
