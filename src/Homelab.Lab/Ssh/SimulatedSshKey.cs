using System.Security.Cryptography;

namespace Homelab.Lab.Ssh;

/// <summary>A key of the kind <c>ecdsa-sha2-nistp256</c>, made up for this run.</summary>
internal sealed class SimulatedSshKey : IDisposable
{
    internal const string Type = "ecdsa-sha2-nistp256";

    private const string Curve = "nistp256";
    private const int CoordinateLength = 32;
    private const byte Uncompressed = 4;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The public key as SSH sends it.</summary>
    internal byte[] Blob => new SshWriter().Text(Type).Text(Curve).Bytes(PointOf(_key.ExportParameters(includePrivateParameters: false).Q)).Written.ToArray();

    /// <summary>The public key as a line of a file holds it.</summary>
    internal string PublicLine => $"{Type} {Convert.ToBase64String(Blob)}";

    /// <summary>The private key, as <c>ssh</c> reads it.</summary>
    internal string PrivatePem => _key.ExportECPrivateKeyPem() + "\n";

    /// <summary>A point of the curve as SSH sends it.</summary>
    internal static byte[] PointOf(ECPoint point) => [Uncompressed, .. point.X!, .. point.Y!];

    /// <exception cref="InvalidDataException">It is no point of this curve.</exception>
    internal static ECPoint PointOf(ReadOnlySpan<byte> sent) => sent.Length == 1 + (2 * CoordinateLength) && sent[0] == Uncompressed
        ? new ECPoint { X = sent[1..(1 + CoordinateLength)].ToArray(), Y = sent[(1 + CoordinateLength)..].ToArray() }
        : throw new InvalidDataException("What was sent is no point of the curve nistp256.");

    internal byte[] Sign(ReadOnlySpan<byte> data)
    {
        var signature = _key.SignData(data, HashAlgorithmName.SHA256);
        var numbers = new SshWriter().Integer(signature.AsSpan(0, CoordinateLength)).Integer(signature.AsSpan(CoordinateLength));
        return new SshWriter().Text(Type).Bytes(numbers.Written.Span).Written.ToArray();
    }

    internal bool HasSigned(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var reader = new SshReader(signature);
        if (reader.Text() != Type) return false;
        var numbers = new SshReader(reader.Bytes());
        return _key.VerifyData(data, [.. numbers.Integer(CoordinateLength), .. numbers.Integer(CoordinateLength)], HashAlgorithmName.SHA256);
    }

    public void Dispose() => _key.Dispose();
}
