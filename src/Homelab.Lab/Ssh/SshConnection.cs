using System.Text;

namespace Homelab.Lab.Ssh;

/// <summary>One connection to a simulated sshd, from its first line to its end.</summary>
/// <param name="stream">The connection.</param>
/// <param name="hostKey">What the host is known by.</param>
/// <param name="user">The account that is let in.</param>
/// <param name="userKey">The key by which it is.</param>
/// <param name="runAsync">Runs a command and gives its exit code.</param>
internal sealed class SshConnection(Stream stream, SimulatedSshKey hostKey, string user, SimulatedSshKey userKey, Func<SshExec, CancellationToken, Task<int>> runAsync) : IAsyncDisposable
{
    private const string Version = "SSH-2.0-HomelabSimulated";
    private const int LongestVersion = 255;
    private const uint Prohibited = 1;

    private readonly SshPackets _packets = new(stream);
    private readonly Dictionary<uint, SshChannel> _channels = [];

    /// <summary>Serves it until the client leaves.</summary>
    /// <exception cref="EndOfStreamException">It has left.</exception>
    internal async Task ServeAsync(CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Version + "\r\n"), cancellationToken);
        var keys = new SshKeyExchange(_packets, hostKey, await ReadVersionAsync(cancellationToken), Version);
        var desk = new SshLoginDesk(_packets, keys, user, userKey);
        while (true)
        {
            var packet = await _packets.ReadAsync(cancellationToken);
            var message = (SshMessage)packet[0];
            switch (message)
            {
                case SshMessage.Disconnect:
                    return;
                case SshMessage.Ignore or SshMessage.Debug or SshMessage.Unimplemented:
                    break;
                case SshMessage.KeyExchangeBegin:
                    await keys.AgreeAsync(packet, cancellationToken);
                    break;
                default:
                    if (keys.SessionId.Length == 0) throw new InvalidDataException("Nothing is said before keys were agreed on.");
                    if (desk.IsIn) await AnswerAsync(message, packet, cancellationToken);
                    else if (!await desk.AnswerAsync(message, packet, cancellationToken)) return;
                    break;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels.Values) await channel.DisposeAsync();
        _packets.Dispose();
    }

    private async Task<string> ReadVersionAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (true)
        {
            await stream.ReadExactlyAsync(one, cancellationToken);
            if (one[0] == '\n') return line.ToString().TrimEnd('\r');
            if (line.Append((char)one[0]).Length > LongestVersion) throw new InvalidDataException("The client's first line has no end.");
        }
    }

    private async Task AnswerAsync(SshMessage message, byte[] packet, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case SshMessage.GlobalRequest:
                // Such as keepalive@openssh.com, which only wants to hear anything.
                if (WantsReply(packet)) await _packets.WriteAsync(new SshWriter(SshMessage.GlobalFailure), cancellationToken);
                break;
            case SshMessage.ChannelOpen:
                await _packets.WriteAsync(Open(packet), cancellationToken);
                break;
            case SshMessage.ChannelRequest:
                await RequestAsync(packet, cancellationToken);
                break;
            case SshMessage.WindowAdjust:
                Widen(packet);
                break;
            case SshMessage.Data:
                await FeedAsync(packet, cancellationToken);
                break;
            case SshMessage.EndOfData:
                Find(packet)?.EndInput();
                break;
            case SshMessage.ChannelClose:
                await CloseAsync(packet, cancellationToken);
                break;
        }
    }

    private static bool WantsReply(byte[] packet)
    {
        var reader = new SshReader(packet.AsSpan(1));
        reader.Bytes();
        return reader.Flag();
    }

    private SshWriter Open(byte[] packet)
    {
        var reader = new SshReader(packet.AsSpan(1));
        var (type, id, window, most) = (reader.Text(), reader.Number(), reader.Number(), reader.Number());
        if (type != "session" || _channels.ContainsKey(id)) return new SshWriter(SshMessage.ChannelRefused).Number(id).Number(Prohibited).Text($"no {type} here").Text("");
        _channels[id] = new SshChannel(_packets, id, window, most, runAsync);
        return new SshWriter(SshMessage.ChannelOpened).Number(id).Number(id).Number(SshChannel.Window).Number(SshChannel.MostInPacket);
    }

    private async Task RequestAsync(byte[] packet, CancellationToken cancellationToken)
    {
        var (id, line, wantsReply) = WishIn(packet);
        var taken = line is not null && _channels.TryGetValue(id, out var found) && found.Take(line) ? found : null;
        if (wantsReply) await _packets.WriteAsync(new SshWriter(taken is null ? SshMessage.ChannelFailure : SshMessage.ChannelSuccess).Number(id), cancellationToken);
        taken?.Run();
    }

    // Terminals, shells and variables are not given: the product wants none of them.
    private static (uint Id, string? Line, bool WantsReply) WishIn(byte[] packet)
    {
        var reader = new SshReader(packet.AsSpan(1));
        var id = reader.Number();
        var (type, wantsReply) = (reader.Text(), reader.Flag());
        return (id, type == "exec" ? reader.Text() : null, wantsReply);
    }

    private void Widen(byte[] packet)
    {
        var reader = new SshReader(packet.AsSpan(1));
        if (_channels.TryGetValue(reader.Number(), out var channel)) channel.Widen(reader.Number());
    }

    private async Task FeedAsync(byte[] packet, CancellationToken cancellationToken)
    {
        if (Find(packet) is not { } channel) return;
        var input = DataIn(packet);
        await channel.FeedAsync(input);
        await _packets.WriteAsync(new SshWriter(SshMessage.WindowAdjust).Number(IdIn(packet)).Number((uint)input.Length), cancellationToken);
    }

    private async Task CloseAsync(byte[] packet, CancellationToken cancellationToken)
    {
        if (!_channels.Remove(IdIn(packet), out var channel)) return;
        await channel.DisposeAsync();
        if (!channel.IsClosed) await _packets.WriteAsync(new SshWriter(SshMessage.ChannelClose).Number(IdIn(packet)), cancellationToken);
    }

    private SshChannel? Find(byte[] packet) => _channels.GetValueOrDefault(IdIn(packet));

    private static uint IdIn(byte[] packet) => new SshReader(packet.AsSpan(1)).Number();

    private static byte[] DataIn(byte[] packet)
    {
        var reader = new SshReader(packet.AsSpan(1));
        reader.Number();
        return reader.Bytes().ToArray();
    }
}
