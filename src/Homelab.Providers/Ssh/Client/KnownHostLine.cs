using System.Security.Cryptography;
using System.Text;

namespace Homelab.Providers.Ssh;

/// <summary>One line of a file of known hosts that says something, as ssh reads it.</summary>
/// <param name="Number">The line, from 1.</param>
/// <param name="Marker"><c>@revoked</c>, <c>@cert-authority</c>, or empty.</param>
/// <param name="Names">The hosts: names and patterns with commas between, or one hashed name.</param>
/// <param name="Type">The kind of key.</param>
/// <param name="Key">The key, in Base64.</param>
/// <param name="Rest">The comment, with the blank before it.</param>
internal sealed record KnownHostLine(int Number, string Marker, string Names, string Type, string Key, string Rest)
{
    private const string HashMark = "|1|";

    internal string Fingerprint => HostKeyScan.FingerprintOf(Key);

    /// <summary>True when it says that a key is this host's.</summary>
    internal bool Vouches => Marker.Length == 0;

    /// <summary>Reads a line; null for a comment, an empty line and what ssh would not understand either.</summary>
    internal static KnownHostLine? Read(string text, int number)
    {
        var words = text.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3 || words[0][0] == '#') return null;
        var at = words[0][0] == '@' ? 1 : 0;
        if (words.Length < at + 3 || !PublicKey.IsKey(words[at + 1], words[at + 2])) return null;
        var comment = string.Join(' ', words[(at + 3)..]);
        return new KnownHostLine(number, at == 1 ? words[0] : "", words[at], words[at + 1], words[at + 2], comment.Length > 0 ? " " + comment : "");
    }

    /// <summary>How it means a host.</summary>
    internal KnownHostMatch Means(string name)
    {
        if (Names.StartsWith(HashMark, StringComparison.Ordinal)) return IsHashOf(name) ? KnownHostMatch.Name : KnownHostMatch.No;
        var match = KnownHostMatch.No;
        foreach (var pattern in Names.Split(','))
        {
            if (pattern.StartsWith('!'))
            {
                if (Fits(pattern[1..], name)) return KnownHostMatch.No;
            }
            else if (string.Equals(pattern, name, StringComparison.OrdinalIgnoreCase))
            {
                match = KnownHostMatch.Name;
            }
            else if (match == KnownHostMatch.No && Fits(pattern, name))
            {
                match = KnownHostMatch.Pattern;
            }
        }

        return match;
    }

    /// <summary>The line for the other hosts that it names; null when it names no other.</summary>
    internal string? Without(string name)
    {
        var others = Names.StartsWith(HashMark, StringComparison.Ordinal) ? [] : Names.Split(',').Where(n => !string.Equals(n, name, StringComparison.OrdinalIgnoreCase)).ToArray();
        return others.Length == 0 ? null : $"{string.Join(',', others)} {Type} {Key}{Rest}";
    }

    // ssh's patterns are ours: * and ?.
    private static bool Fits(string pattern, string name) => Wildcard.Matches(pattern, name);

    // The form is ssh's own: nobody could choose another sum.
#pragma warning disable CA5350
    private bool IsHashOf(string name)
    {
        if (Names[HashMark.Length..].Split('|') is not [var salt, var hash]) return false;
        var bytes = new byte[salt.Length];
        return Convert.TryFromBase64String(salt, bytes, out var count)
            && Convert.ToBase64String(HMACSHA1.HashData(bytes.AsSpan(0, count), Encoding.ASCII.GetBytes(name))) == hash;
    }
#pragma warning restore CA5350
}

/// <summary>How a line of known hosts means a host.</summary>
internal enum KnownHostMatch
{
    /// <summary>Not at all.</summary>
    No,

    /// <summary>Among others, by a pattern.</summary>
    Pattern,

    /// <summary>By its name.</summary>
    Name,
}
