using System.Buffers.Binary;
using System.Text;

namespace Homelab.Providers.Ssh;

/// <summary>A public key as its file holds it, in one line.</summary>
/// <param name="Type">The kind of key: <c>ssh-ed25519</c>.</param>
/// <param name="Key">The key, in Base64.</param>
/// <param name="Comment">What it says of itself; may be empty.</param>
internal sealed record PublicKey(string Type, string Key, string Comment)
{
    private const int CommentLength = 200;

    /// <summary>As <c>ssh-keygen -l</c> prints it.</summary>
    internal string Fingerprint => HostKeyScan.FingerprintOf(Key);

    /// <summary>Type, key and comment.</summary>
    internal string Line => $"{Type} {Key} {Comment}".TrimEnd();

    /// <summary>Reads a line; null where it is no public key.</summary>
    internal static PublicKey? Read(string text)
    {
        var words = text.Trim().Split(' ', 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length < 2 || !IsKey(words[0], words[1])) return null;
        return new PublicKey(words[0], words[1], words.Length > 2 ? ForeignText.Clean(words[2], CommentLength) : "");
    }

    /// <summary>True when the Base64 holds a key of this kind: it begins with its kind once more.</summary>
    internal static bool IsKey(string type, string key)
    {
        var bytes = new byte[key.Length];
        if (!Convert.TryFromBase64String(key, bytes, out var count) || count < sizeof(int)) return false;
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        return length == type.Length && count > sizeof(int) + length && Encoding.ASCII.GetString(bytes, sizeof(int), length) == type;
    }
}
