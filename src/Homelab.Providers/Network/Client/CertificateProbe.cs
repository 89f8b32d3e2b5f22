using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Homelab.Providers.Network;

/// <summary>Reads the certificate of a TLS server within a time, and judges how long it will do.</summary>
internal sealed class CertificateProbe(TlsPeer peer, ProviderContext context)
{
    /// <param name="target">The server.</param>
    /// <param name="minDays">How many days must be left; null when it need only be in date.</param>
    /// <param name="timeout">For everything together.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="HomelabException"><c>CertificateNotRead</c> (Timeout or Unavailable): the server showed none. Those of reading what verifies it go through.</exception>
    internal async Task<CertificateReading> ReadAsync(TlsTarget target, int? minDays, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var (address, given) = (target.Address, target.Address.ToString());
        using var deadline = new CancellationTokenSource(timeout, context.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var trust = await TlsTrust.LoadAsync(target.Trust, context.BasePath, context.Secrets, linked.Token).ConfigureAwait(false);
            var reading = await peer.ReadAsync(address, target.ServerName, trust, linked.Token).ConfigureAwait(false) with { Services = target.Services };
            context.Trace($"tls {given} → {reading.Status}: {reading.Reason}");
            return minDays is { } least && reading.Trusted && reading.DaysLeft < least
                ? reading with { Status = ProbeStatus.Down, Reason = string.Create(CultureInfo.InvariantCulture, $"{reading.Reason}, fewer than {least}") }
                : reading;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw NotRead(ErrorKind.Timeout, $"{given} showed no certificate within {Duration.Format(timeout)}.", "Look whether it speaks TLS there.", given, e);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException)
        {
            throw NotRead(ErrorKind.Unavailable, $"{given} showed no certificate: {Look.Of(e).Detail}.", "Look whether it runs and speaks TLS there.", given, e);
        }
    }

    private static HomelabException NotRead(ErrorKind kind, string what, string wayOut, string target, Exception inner) =>
        new(kind, "CertificateNotRead", $"{what} {wayOut}", target, inner) { WayOut = wayOut };
}
