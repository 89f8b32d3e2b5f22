using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Homelab.Lab.Proxmox;

/// <summary>One-time passwords by the clock: six digits, half a minute each (RFC 6238).</summary>
internal static class Totp
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int Step = 30;

    /// <summary>The password that counts at a moment.</summary>
    internal static string Code(string secret, DateTimeOffset now) => Code(secret, now.ToUnixTimeSeconds() / Step);

    /// <summary>True for the password of now, or of the half minute before or after.</summary>
    internal static bool Fits(string secret, string code, DateTimeOffset now)
    {
        var step = now.ToUnixTimeSeconds() / Step;
        return Code(secret, step) == code || Code(secret, step - 1) == code || Code(secret, step + 1) == code;
    }

    private static string Code(string secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        // SHA-1 is what authenticator apps speak.
#pragma warning disable CA5350
        HMACSHA1.HashData(Decode(secret), counter, hash);
#pragma warning restore CA5350
        var at = hash[^1] & 0xf;
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[at..]) & 0x7fff_ffff;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string secret)
    {
        var bytes = new List<byte>();
        var (bits, value) = (0, 0);
        foreach (var digit in secret.ToUpperInvariant().Where(static c => Alphabet.Contains(c, StringComparison.Ordinal)))
        {
            value = ((value << 5) | Alphabet.IndexOf(digit, StringComparison.Ordinal)) & 0xffff;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes.Add((byte)(value >> bits));
        }

        return [.. bytes];
    }
}
