using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;

namespace Homelab.Providers.Network;

/// <summary>Reads the certificate that a TLS server shows, and says whether it can be trusted. Sends nothing over the connection.</summary>
/// <remarks>Like <c>openssl s_client -connect host:port -servername name</c>.</remarks>
[Operation("network_check_certificate", Level.Monitor, Risk.Read)]
[Description("Reads the certificate of a TLS server: names, dates, days left, fingerprint, and whether it is trusted.")]
[Example("Test-HlCertificate gitea.thinmint.dev", "Look at the certificate of a web server.")]
[Example("Test-HlCertificate 10.0.0.5:8006 -ServerName pve.home.arpa", "Ask a server by its address for the certificate of a name.")]
public sealed class CheckCertificate : Query<CheckCertificate.Input, CertificateReading>
{
    private const int TlsPort = 443;

    private readonly TlsPeer _peer;
    private readonly TimeProvider _time;

    internal CheckCertificate(TlsPeer peer, TimeProvider time)
    {
        _peer = peer;
        _time = time;
    }

    /// <summary>What to look at.</summary>
    public sealed record Input
    {
        /// <summary>The server.</summary>
        [Subject]
        [Description("The server: a name or an address, with a port when that is not 443.")]
        public required string Address { get; init; }

        /// <summary>The name to ask for.</summary>
        [Description("The name to ask for (SNI) and to be valid for, when it differs from the address.")]
        public string? ServerName { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long to wait for the certificate.")]
        [DurationRange("10ms", "1m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Intent("Check certificate", new Target("address", input.Address));
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<CertificateReading> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        var address = HostPort.Parse(input.Address, TlsPort);
        if (input.ServerName is { } name && Uri.CheckHostName(name) == UriHostNameType.Unknown)
        {
            throw new HomelabException(ErrorKind.Invalid, "ServerNameInvalid", $"'{ForeignText.Clean(name, 80)}' is no host name. Give the name that the certificate is for.", name);
        }

        yield return await ReadAsync(address, input, cancellationToken).ConfigureAwait(false);
    }

    private async Task<CertificateReading> ReadAsync(HostPort address, Input input, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(input.Timeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await _peer.ReadAsync(address, input.ServerName, TlsTrust.OfSystem, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HomelabException(ErrorKind.Timeout, "CertificateNotRead", $"{address} showed no certificate within {Duration.Format(input.Timeout)}. Look whether it speaks TLS there.", input.Address, e);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException)
        {
            throw new HomelabException(ErrorKind.Unavailable, "CertificateNotRead", $"{address} showed no certificate: {Look.Of(e).Detail}. Look whether it runs and speaks TLS there.", input.Address, e);
        }
    }
}
