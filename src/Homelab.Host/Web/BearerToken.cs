using System.Security.Cryptography;
using System.Text;

namespace Homelab.Host.Web;

/// <summary>Compares a bearer token without telling by its time how much of it was right.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    internal static bool Matches(string? authorization, Secret expected)
    {
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        // Hashes have one length: not even the length of the secret shows.
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim()));
        return CryptographicOperations.FixedTimeEquals(given, SHA256.HashData(Encoding.UTF8.GetBytes(expected.Reveal())));
    }
}
