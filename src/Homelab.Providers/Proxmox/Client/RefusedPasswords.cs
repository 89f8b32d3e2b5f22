using System.Security.Cryptography;
using System.Text;

namespace Homelab.Providers.Proxmox;

/// <summary>Remembers for a minute which password was refused, and by what words; of the password only a hash.</summary>
internal sealed class RefusedPasswords(TimeProvider time)
{
    private static readonly TimeSpan s_rest = TimeSpan.FromMinutes(1);

    private (byte[] Password, long At, HomelabException Why)? _last;

    internal void Remember(Secret password, HomelabException why) => _last = (Hash(password), time.GetTimestamp(), why);

    internal void ThrowIfFresh(Secret password)
    {
        if (_last is not { } last || !CryptographicOperations.FixedTimeEquals(last.Password, Hash(password))) return;
        var rest = s_rest - time.GetElapsedTime(last.At);
        if (rest <= TimeSpan.Zero) return;
        var seconds = Duration.Format(TimeSpan.FromSeconds(Math.Ceiling(rest.TotalSeconds)));
        throw new HomelabException(last.Why.Kind, last.Why.Id, $"{last.Why.What} It is not tried again with the same password for {seconds}. {last.Why.WayOut}", last.Why.Target, last.Why)
        {
            WayOut = last.Why.WayOut,
            NothingHappened = true,
        };
    }

    private static byte[] Hash(Secret password) => SHA256.HashData(Encoding.UTF8.GetBytes(password.Reveal()));
}
