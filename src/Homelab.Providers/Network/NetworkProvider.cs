namespace Homelab.Providers.Network;

/// <summary>Looks at hosts, ports, names, certificates and services directly: ICMP, TCP, DNS, TLS and HTTP. Needs no settings and no other program.</summary>
public sealed class NetworkProvider : Provider
{
    private readonly NetworkChecks _checks;
    private readonly TimeProvider _time;

    /// <param name="context">The lab, whose hosts, names and services are looked at.</param>
    public NetworkProvider(ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _time = context.Time;
        var lab = context.Lab;
        var names = new DnsNames(context.Settings<NetworkSettings>(Name)?.Dns);
        var tcp = new TcpProbe(context.Time);
        var dns = new DnsProbe(new DnsClient(context.Time), context.Time);
        var peer = new TlsPeer(context.Time);
        var ping = new PingProbe(context.Time, context.Trace);
        var certificates = new CertificateProbe(peer, context);
        var services = new ServiceProbes(new HttpProbe(context.Time), tcp, dns, new TlsProbe(peer, context.Time), context);
        _checks = new NetworkChecks(lab, ping, dns, names, certificates);
        Operations =
        [
            new PingHosts(lab, ping),
            new CheckServices(lab, services),
            new CheckPort(tcp),
            new CheckCertificate(lab, certificates),
            new TestDns(dns, names),
            new MapNetwork(lab, ping, services),
        ];
    }

    /// <inheritdoc/>
    public override string Name => "network";

    /// <inheritdoc/>
    public override IEnumerable<Operation> Operations { get; }

    /// <inheritdoc/>
    public override IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) => ConnectionLook.AllAsync(_checks.All(), _time, cancellationToken);
}
