using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Homelab;

/// <summary>
/// A random text by which a client is known, and the hash that is kept of it. It has 256 bits of chance, so a plain SHA-256 cannot be turned back: slow hashes are for what people choose.
/// </summary>
public static class CredentialSecret
{
    private const int Bytes = 32;

    /// <summary>Makes one. It begins with <paramref name="prefix"/>, so that scanners find one that leaked, and people know what it is.</summary>
    public static string New(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What is kept: SHA-256, hex in lower case.</summary>
    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
