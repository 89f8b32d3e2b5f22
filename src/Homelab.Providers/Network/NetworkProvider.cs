namespace Homelab.Providers.Network;

/// <summary>Looks at services directly: HTTP, TCP, DNS and TLS. Needs no settings.</summary>
public sealed class NetworkProvider : Provider
{
    private readonly IReadOnlyList<Operation> _operations;

    /// <param name="context">The lab, whose services' checks are made.</param>
    public NetworkProvider(ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var tcp = new TcpProbe(context.Time);
        var dns = new DnsProbe(new DnsClient(context.Time), context.Time);
        var peer = new TlsPeer(context.Time);
        var probes = new ServiceProbes(new HttpProbe(context.Time), tcp, dns, new TlsProbe(peer, context.Time), context);
        _operations = [new CheckServices(context.Lab, probes), new CheckPort(tcp), new CheckCertificate(peer, context.Time), new TestDns(dns)];
    }

    /// <inheritdoc/>
    public override string Name => "network";

    /// <inheritdoc/>
    public override IEnumerable<Operation> Operations => _operations;
}
