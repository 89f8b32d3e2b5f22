using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Homelab.Host.Web.Access.OAuth;

/// <summary>Proof that whoever shows a code is who asked for it. RFC 7636, and of its two methods the one that proves anything: S256.</summary>
internal static class Pkce
{
    internal const string Method = "S256";

    private const int ChallengeLength = 43;
    private const int ShortestVerifier = 43;
    private const int LongestVerifier = 128;

    internal static bool IsChallenge(string? text) => text is { Length: ChallengeLength } && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    internal static bool Proves(string? verifier, string challenge)
    {
        if (verifier is not { Length: >= ShortestVerifier and <= LongestVerifier } || !verifier.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~')) return false;
        var computed = Base64Url.EncodeToUtf8(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        return CryptographicOperations.FixedTimeEquals(computed, Encoding.ASCII.GetBytes(challenge));
    }
}
