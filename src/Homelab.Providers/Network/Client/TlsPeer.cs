using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Homelab.Providers.Network;

/// <summary>Reads the certificate that a TLS server shows. The handshake goes on whatever it is worth, because nothing is ever sent over the connection.</summary>
internal sealed class TlsPeer(TimeProvider time)
{
    /// <param name="address">The server.</param>
    /// <param name="serverName">The name to ask for (SNI) and to be valid for; the host itself when not given.</param>
    /// <param name="trust">Judges the certificate.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    internal async Task<CertificateReading> ReadAsync(HostPort address, string? serverName, TlsTrust trust, CancellationToken cancellationToken)
    {
        var name = serverName ?? address.Host;
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port, cancellationToken).ConfigureAwait(false);
        var network = new NetworkStream(socket, ownsSocket: false);
        await using var _ = network.ConfigureAwait(false);
        var tls = new SslStream(network);
        await using var __ = tls.ConfigureAwait(false);

        CertificateReading? reading = null;
        var options = trust.ClientOptions();
        options.TargetHost = name;
        options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            // The chain lives only as long as this call.
            if (certificate is X509Certificate2 shown) reading = Describe(shown, address, name, trust.Judge(shown, chain, errors)) with { Chain = CertificateText.Chain(shown, chain) };
            return reading is not null;
        };
        try
        {
            await tls.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            if (reading is not null) reading = reading with { Protocol = CertificateText.Protocol(tls.SslProtocol), Cipher = tls.NegotiatedCipherSuite.ToString() };
        }
        catch (Exception e) when (reading is not null && e is AuthenticationException or IOException)
        {
            // A server that wants a certificate of ours hangs up after it has shown its own, which is all we came for.
        }

        return reading ?? throw new AuthenticationException("the server showed no certificate");
    }

    private CertificateReading Describe(X509Certificate2 certificate, HostPort address, string name, TlsVerdict verdict)
    {
        var now = time.GetUtcNow();
        var notBefore = new DateTimeOffset(certificate.NotBefore.ToUniversalTime());
        var notAfter = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
        var daysLeft = (int)Math.Floor((notAfter - now).TotalDays);
        var inDate = now >= notBefore && now <= notAfter;
        return new CertificateReading
        {
            Address = address.ToString(),
            ServerName = name,
            Subject = CertificateText.Name(certificate.Subject),
            Issuer = CertificateText.Name(certificate.Issuer),
            NotBefore = notBefore,
            NotAfter = notAfter,
            DaysLeft = daysLeft,
            Sha256 = CertificateText.Sha256(certificate),
            Names = CertificateText.Names(certificate),
            Key = CertificateText.Key(certificate),
            Signature = CertificateText.Signature(certificate),
            Trusted = inDate && verdict.Trusted,
            Status = inDate && verdict.Trusted ? ProbeStatus.Up : ProbeStatus.Down,
            Reason = inDate ? (verdict.Trusted ? Remaining(daysLeft) : verdict.Reason) : OutOfDate(now, notBefore, notAfter),
        };
    }

    private static string Remaining(int days) => days switch
    {
        0 => "valid for less than a day",
        1 => "valid for 1 more day",
        _ => $"valid for {days} more days",
    };

    private static string OutOfDate(DateTimeOffset now, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        if (now < notBefore) return $"certificate is not valid before {notBefore:yyyy-MM-dd HH:mm} UTC";
        return (int)(now - notAfter).TotalDays switch
        {
            0 => "certificate expired less than a day ago",
            1 => "certificate expired 1 day ago",
            var days => $"certificate expired {days} days ago",
        };
    }
}
