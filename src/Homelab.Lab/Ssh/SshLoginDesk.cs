namespace Homelab.Lab.Ssh;

/// <summary>Lets one account in by one key (RFC 4252 section 7), and nobody else.</summary>
internal sealed class SshLoginDesk(SshPackets packets, SshKeyExchange keys, string user, SimulatedSshKey key)
{
    private const string Service = "ssh-userauth";
    private const string ByKey = "publickey";

    /// <summary>True once somebody was let in.</summary>
    internal bool IsIn { get; private set; }

    /// <summary>Answers what a client asks before it is let in. False for what is not answered here.</summary>
    internal async Task<bool> AnswerAsync(SshMessage message, byte[] packet, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case SshMessage.ServiceRequest when ServiceIn(packet) == Service:
                await packets.WriteAsync(new SshWriter(SshMessage.ServiceAccept).Text(Service), cancellationToken);
                return true;
            case SshMessage.LoginRequest:
                await packets.WriteAsync(Decide(packet), cancellationToken);
                return true;
            default:
                return false;
        }
    }

    private static string ServiceIn(byte[] packet) => new SshReader(packet.AsSpan(1)).Text();

    private SshWriter Decide(byte[] packet)
    {
        var reader = new SshReader(packet.AsSpan(1));
        var (name, service, method) = (reader.Text(), reader.Text(), reader.Text());
        if (name != user || service != "ssh-connection" || method != ByKey) return Refusal;
        var isSigned = reader.Flag();
        var type = reader.Text();
        var blob = reader.Bytes();
        if (type != SimulatedSshKey.Type || !blob.SequenceEqual(key.Blob)) return Refusal;
        if (!isSigned) return new SshWriter(SshMessage.LoginKeyWelcome).Text(type).Bytes(blob);
        var signed = new SshWriter().Bytes(keys.SessionId).Byte((byte)SshMessage.LoginRequest).Text(name).Text(service).Text(method).Flag(true).Text(type).Bytes(blob);
        IsIn = key.HasSigned(signed.Written.Span, reader.Bytes());
        return IsIn ? new SshWriter(SshMessage.LoginSuccess) : Refusal;
    }

    private static SshWriter Refusal => new SshWriter(SshMessage.LoginFailure).Text(ByKey).Flag(false);
}
