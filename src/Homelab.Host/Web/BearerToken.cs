using System.Security.Cryptography;
using System.Text;

namespace Homelab.Host.Web;

/// <summary>Compares a token that was shown without telling by its time how much of it was right.</summary>
internal static class BearerToken
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";

    internal static bool Matches(string? authorization, Secret expected) =>
        authorization is not null && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && IsSame(authorization[Bearer.Length..].Trim(), expected);

    /// <summary>The token as the password of whatever user.</summary>
    internal static bool MatchesBasic(string? authorization, Secret expected)
    {
        if (authorization is null || !authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)) return false;
        var encoded = authorization[Basic.Length..].Trim();
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length)) return false;
        var login = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = login.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && IsSame(login[(colon + 1)..], expected);
    }

    // Hashes have one length: not even the length of the secret shows.
    internal static bool IsSame(string given, Secret expected) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected.Reveal())));
}
