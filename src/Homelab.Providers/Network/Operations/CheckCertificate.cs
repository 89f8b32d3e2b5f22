using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Network;

/// <summary>Reads the certificates that TLS servers show, and says whether they can be trusted and for how long. Sends nothing over the connections.</summary>
/// <remarks>Like <c>openssl s_client -connect host:port -servername name -showcerts</c> for each.</remarks>
[Operation("network_check_certificate", Level.Monitor, Risk.Read)]
[Description("Reads the certificates of TLS servers: names, dates, days left, key, chain, protocol and fingerprint, and whether they are trusted.")]
[Example("Test-HlCertificate gitea.thinmint.dev", "Look at the certificate of a web server.")]
[Example("Test-HlCertificate -MinDays 21", "Look at every https and tls check of the lab, and at which certificates end within three weeks.")]
[Example("Test-HlCertificate 10.0.0.5:8006 -ServerName pve.home.arpa", "Ask a server by its address for the certificate of a name.")]
public sealed class CheckCertificate : Query<CheckCertificate.Input, CertificateReading>
{
    private readonly LabDefinition _lab;
    private readonly CertificateProbe _probe;

    internal CheckCertificate(LabDefinition lab, CertificateProbe probe)
    {
        _lab = lab;
        _probe = probe;
    }

    /// <summary>What to look at.</summary>
    public sealed record Input
    {
        /// <summary>The servers.</summary>
        [Subject]
        [Description("The servers: names or addresses, with a port when that is not 443. Every server that the lab's checks ask by https or tls when not given.")]
        public IReadOnlyList<string>? Address { get; init; }

        /// <summary>The name to ask for.</summary>
        [Description("The name to ask for (SNI) and to be valid for, when it differs from the address.")]
        public string? ServerName { get; init; }

        /// <summary>How many days must be left.</summary>
        [Range(0, 3650)]
        [Description("How many days must be left: fewer count as down.")]
        public int? MinDays { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long to wait for each certificate.")]
        [DurationRange("10ms", "1m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Address is [var only] ? new Intent("Check certificate", new Target("address", only)) : new Intent("Check certificates", Target.Lab);
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<CertificateReading> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.ServerName is { } name && Uri.CheckHostName(name) == UriHostNameType.Unknown)
        {
            throw new HomelabException(ErrorKind.Invalid, "ServerNameInvalid", $"'{ForeignText.Clean(name, 80)}' is no host name. Give the name that the certificate is for.", name);
        }

        IReadOnlyList<TlsTarget> targets = input.Address is null ? TlsTarget.All(_lab) : [.. input.Address.Select(a => new TlsTarget(HostPort.Parse(a, TlsTarget.TlsPort), input.ServerName, null, []))];
        var failures = new List<HomelabException>();
        await foreach (var (reading, failure) in Sweep.RunAsync(targets, Sweep.AtOnce, ReadAsync, cancellationToken).ConfigureAwait(false))
        {
            if (reading is not null) yield return reading;
            else failures.Add(failure!);
        }

        // One silent server must not take the others' certificates away, and must not be silent here either.
        if (failures.Count == 1) throw failures[0];
        if (failures.Count > 1) throw new HomelabException(ErrorKind.Unavailable, "CertificatesNotRead", $"{failures.Count} of {targets.Count} servers showed no certificate. {string.Join(' ', failures.Select(static f => f.What))} Look whether they run and speak TLS there.", null);

        async Task<(CertificateReading? Reading, HomelabException? Failure)> ReadAsync(TlsTarget target, CancellationToken token)
        {
            try
            {
                return (await _probe.ReadAsync(target, input.MinDays, input.Timeout, token).ConfigureAwait(false), null);
            }
            catch (HomelabException e)
            {
                return (null, e);
            }
        }
    }
}
