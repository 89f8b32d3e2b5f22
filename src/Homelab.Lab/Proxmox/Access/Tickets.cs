using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Homelab.Lab.Proxmox;

/// <summary>Login tickets and the tokens against forged requests, signed by the cluster.</summary>
internal sealed class Tickets(TimeProvider time)
{
    // Two hours, and five minutes for clocks that differ.
    private const long Life = 7200;
    private const long Ahead = 300;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>A ticket for a user.</summary>
    internal string Issue(string user) => Sign($"PVE:{user}:{Now:X8}");

    /// <summary>What a user with a second factor gets first.</summary>
    internal string Challenge(string user) => Sign($"PVE:!tfa!{Uri.EscapeDataString("""{"totp":true,"recovery":"unavailable"}""")}:{Now:X8}", user);

    /// <summary>What proves that a write comes from who has the ticket.</summary>
    internal string Csrf(string user) => Csrf(user, $"{Now:X8}");

    /// <summary>The user of a ticket; null when it is forged, too old or a challenge.</summary>
    internal string? User(string ticket)
    {
        var at = ticket.IndexOf("::", StringComparison.Ordinal);
        if (at < 0 || ticket[..at].Split(':') is not ["PVE", var user, var issued] || user.StartsWith('!')) return null;
        return Fresh(issued) && Equal(Sign(ticket[..at]), ticket) ? user : null;
    }

    /// <summary>True for a challenge that was given to this user and is not too old.</summary>
    internal bool IsChallengeOf(string user, string challenge)
    {
        var at = challenge.IndexOf("::", StringComparison.Ordinal);
        return at > 0 && challenge[..at].Split(':') is ["PVE", var what, var issued] && what.StartsWith("!tfa!", StringComparison.Ordinal)
            && Fresh(issued) && Equal(Sign(challenge[..at], user), challenge);
    }

    internal bool Proves(string user, string? csrf) => csrf?.Split(':') is [var issued, _] && Fresh(issued) && Equal(Csrf(user, issued), csrf);

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    private string Csrf(string user, string issued) => $"{issued}:{Hash($"{issued}:{user}")}";

    private string Sign(string plain, string? user = null) => $"{plain}::{Hash(user is null ? plain : $"{plain}:{user}")}";

    private string Hash(string text) => Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text))).TrimEnd('=');

    private bool Fresh(string issued) =>
        long.TryParse(issued, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var at) && Now - at is > -Ahead and < Life;

    private static bool Equal(string a, string b) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));
}
