using System.Security.Cryptography;

namespace Homelab.Lab.Ssh;

/// <summary>Agrees on keys with a client: <c>ecdh-sha2-nistp256</c> (RFC 5656 section 4), the one way that is spoken here and that every OpenSSH speaks.</summary>
/// <param name="packets">The connection.</param>
/// <param name="hostKey">What the host is known by.</param>
/// <param name="clientVersion">The client's first line.</param>
/// <param name="serverVersion">Ours.</param>
internal sealed class SshKeyExchange(SshPackets packets, SimulatedSshKey hostKey, string clientVersion, string serverVersion)
{
    private const string Method = "ecdh-sha2-nistp256";
    private const int CookieBytes = 16;

    /// <summary>The hash of the first agreement, which names the connection from then on.</summary>
    internal byte[] SessionId { get; private set; } = [];

    /// <summary>Agrees.</summary>
    /// <param name="clientBegin">The client's wish, as it came.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidDataException">It speaks nothing that is spoken here.</exception>
    internal async Task AgreeAsync(byte[] clientBegin, CancellationToken cancellationToken)
    {
        using var turn = await packets.TakeTurnAsync(cancellationToken);
        var begin = Begin();
        await packets.WriteInTurnAsync(begin, cancellationToken);
        Check(clientBegin);
        var wish = await packets.ReadAsync(cancellationToken);
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var ownPoint = SimulatedSshKey.PointOf(own.ExportParameters(includePrivateParameters: false).Q);
        var clientPoint = PointIn(wish);
        var secret = new SshWriter().Integer(Secret(own, clientPoint)).Written.ToArray();
        var hostBlob = hostKey.Blob;
        var hash = SHA256.HashData(new SshWriter().Text(clientVersion).Text(serverVersion).Bytes(clientBegin).Bytes(begin.Written.Span).Bytes(hostBlob).Bytes(clientPoint).Bytes(ownPoint).Raw(secret).Written.Span);
        if (SessionId.Length == 0) SessionId = hash;
        await packets.WriteInTurnAsync(new SshWriter(SshMessage.EcdhReply).Bytes(hostBlob).Bytes(ownPoint).Bytes(hostKey.Sign(hash)), cancellationToken);
        await packets.WriteInTurnAsync(new SshWriter(SshMessage.NewKeys), cancellationToken);
        packets.SealWith(new SshSeal(Derive('D', SshSeal.KeyBytes), Derive('B', SshSeal.NonceBytes)));
        if ((await packets.ReadAsync(cancellationToken))[0] != (byte)SshMessage.NewKeys) throw new InvalidDataException("The client sent something else than that it takes the keys.");
        packets.OpenWith(new SshSeal(Derive('C', SshSeal.KeyBytes), Derive('A', SshSeal.NonceBytes)));

        byte[] Derive(char what, int length) => SHA256.HashData(new SshWriter().Raw(secret).Raw(hash).Byte((byte)what).Raw(SessionId).Written.Span)[..length];
    }

    private static SshWriter Begin()
    {
        var begin = new SshWriter(SshMessage.KeyExchangeBegin).Raw(RandomNumberGenerator.GetBytes(CookieBytes)).Text(Method).Text(SimulatedSshKey.Type);
        // What seals the packets vouches for them too: the codes that are named beside it are never used.
        return begin.Text(SshSeal.Name).Text(SshSeal.Name).Text("hmac-sha2-256").Text("hmac-sha2-256").Text("none").Text("none").Text("").Text("").Flag(false).Number(0);
    }

    private static void Check(byte[] clientBegin)
    {
        var reader = new SshReader(clientBegin.AsSpan(1));
        reader.Take(CookieBytes);
        foreach (var ours in (ReadOnlySpan<string>)[Method, SimulatedSshKey.Type, SshSeal.Name, SshSeal.Name])
        {
            if (!reader.Names().Contains(ours, StringComparer.Ordinal)) throw new InvalidDataException($"The client does not speak {ours}.");
        }
    }

    private static byte[] PointIn(byte[] wish)
    {
        var reader = new SshReader(wish);
        return reader.Byte() == (byte)SshMessage.EcdhBegin ? reader.Bytes().ToArray() : throw new InvalidDataException("The client did not begin to agree on keys.");
    }

    private static byte[] Secret(ECDiffieHellman own, byte[] point)
    {
        using var other = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = SimulatedSshKey.PointOf(point) });
        return own.DeriveRawSecretAgreement(other.PublicKey);
    }
}
