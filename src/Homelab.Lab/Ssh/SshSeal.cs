using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Homelab.Lab.Ssh;

/// <summary>AES-GCM over the packets of one direction; their length is only vouched for, not hidden.</summary>
/// <param name="key">32 bytes.</param>
/// <param name="nonce">12 bytes; the last 8 are counted up with each packet.</param>
internal sealed class SshSeal(byte[] key, byte[] nonce) : IDisposable
{
    internal const string Name = "aes256-gcm@openssh.com";
    internal const int KeyBytes = 32;
    internal const int NonceBytes = 12;
    internal const int TagBytes = 16;

    private readonly AesGcm _cipher = new(key, TagBytes);

    internal void Close(ReadOnlySpan<byte> length, Span<byte> packet, Span<byte> tag)
    {
        _cipher.Encrypt(nonce, packet, packet, tag, length);
        CountUp();
    }

    /// <exception cref="CryptographicException">It is not what was sent.</exception>
    internal void Open(ReadOnlySpan<byte> length, Span<byte> packet, ReadOnlySpan<byte> tag)
    {
        _cipher.Decrypt(nonce, packet, tag, packet, length);
        CountUp();
    }

    public void Dispose() => _cipher.Dispose();

    private void CountUp()
    {
        var counter = nonce.AsSpan(NonceBytes - sizeof(ulong));
        BinaryPrimitives.WriteUInt64BigEndian(counter, BinaryPrimitives.ReadUInt64BigEndian(counter) + 1);
    }
}
