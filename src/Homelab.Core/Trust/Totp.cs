using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Homelab;

/// <summary>One-time codes by the time of day, as every authenticator makes them: RFC 6238 with SHA-1, six digits, thirty seconds.</summary>
public static class Totp
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int BitsPerLetter = 5;
    private const int Modulus = 1_000_000;

    /// <summary>How long one code holds.</summary>
    public static TimeSpan Step { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Which step a moment lies in, counted from 1970.</summary>
    public static long StepAt(DateTimeOffset moment) => (long)Math.Floor((moment - DateTimeOffset.UnixEpoch) / Step);

    /// <summary>The code of one step.</summary>
    public static string Code(ReadOnlySpan<byte> key, long step)
    {
        Span<byte> message = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(message, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The RFC's own function; authenticators know no other.
        HMACSHA1.HashData(key, message, hash);
#pragma warning restore CA5350
        var offset = hash[^1] & 0x0F;
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[offset..]) & 0x7FFF_FFFF;
        return (number % Modulus).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>Reads a key in base32; blanks, hyphens, padding and lower case are as people write it down.</summary>
    public static bool TryReadKey(string text, out byte[] key)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = new List<byte>();
        var held = 0;
        var bits = 0;
        key = [];
        foreach (var letter in text.TrimEnd('='))
        {
            if (letter is ' ' or '-') continue;
            var value = Alphabet.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal);
            if (value < 0) return false;
            held = ((held << BitsPerLetter) | value) & 0xFFF;
            bits += BitsPerLetter;
            if (bits < 8) continue;
            bits -= 8;
            bytes.Add((byte)(held >> bits));
        }

        key = [.. bytes];
        return key.Length > 0;
    }
}
