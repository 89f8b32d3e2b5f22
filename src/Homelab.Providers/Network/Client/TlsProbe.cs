namespace Homelab.Providers.Network;

/// <summary>Looks whether a TLS server shows a certificate that is in date and trusted.</summary>
internal sealed class TlsProbe(TlsPeer peer, TimeProvider time)
{
    internal Task<Look> AskAsync(HostPort address, Func<CancellationToken, Task<TlsTrust>> trust, TimeSpan timeout, CancellationToken cancellationToken) =>
        Look.TakeAsync(
            time,
            timeout,
            async token =>
            {
                var reading = await peer.ReadAsync(address, null, await trust(token).ConfigureAwait(false), token).ConfigureAwait(false);
                return (reading.Trusted ? Look.Up(reading.Reason) : Look.Down(reading.Reason)) with { DaysLeft = reading.DaysLeft };
            },
            cancellationToken);
}
