using System.Globalization;

namespace Homelab.Providers.Network;

/// <summary>What a check of the whole lab looks at in the network: its hosts, the names it must resolve, and its certificates. Its services are looked at by the operation for them.</summary>
internal sealed class NetworkChecks(LabDefinition lab, PingProbe ping, DnsProbe dns, DnsNames names, CertificateProbe certificates)
{
    private const string HostGroup = "host";
    private const string DnsGroup = "dns";
    private const string CertificateGroup = "certificate";

    // A certificate of an automatic authority is renewed a month before its end: with so few days left that has failed for weeks.
    private const int FewDays = 14;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    internal IEnumerable<ConnectionLook> All() =>
    [
        .. PingTargets.All(lab).Select(target => Look(target.Host, token => PingAsync(target, token))),
        .. names.Of(external: true, inside: true).Select(name => Look(name.Name, token => ResolveAsync(name.Name, name.Scope, token))),
        .. TlsTarget.All(lab).Select(target => Look(target.Address.ToString(), token => ReadAsync(target, token))),
    ];

    private static ConnectionLook Look(string name, Func<CancellationToken, Task<LabCheck>> lookAsync) =>
        new(name, "Look whether this machine's network works.", async token => [await lookAsync(token).ConfigureAwait(false)]);

    private async Task<LabCheck> PingAsync(PingTarget target, CancellationToken cancellationToken)
    {
        var reading = await ping.AskAsync(target, PingOptions.Usual, cancellationToken).ConfigureAwait(false);
        var detail = $"{target.Address}: {reading.Detail}";
        return reading.Status is ProbeStatus.Up
            ? LabCheck.Ok(HostGroup, target.Host, detail)
            : LabCheck.Failed(HostGroup, target.Host, detail, $"Look whether it runs and is on the network, and whether hosts.{target.Host}.address is right.");
    }

    private async Task<LabCheck> ResolveAsync(string name, string scope, CancellationToken cancellationToken)
    {
        var wayOut = $"Look whether providers.network.dns.server is right and its service runs, and whether providers.network.dns.{scope} names what there is.";
        try
        {
            var reading = await dns.AskAsync(DnsProbe.ServerOf(names.Server), DnsQuery.Of(name, nameof(DnsRecordType.A)), null, s_timeout, cancellationToken).ConfigureAwait(false);
            var detail = $"{scope} @{reading.Server}: {reading.Detail}";
            return reading.Status is ProbeStatus.Up ? LabCheck.Ok(DnsGroup, name, detail) : LabCheck.Failed(DnsGroup, name, detail, wayOut);
        }
        catch (HomelabException e)
        {
            return LabCheck.Failed(DnsGroup, name, e, wayOut);
        }
    }

    private async Task<LabCheck> ReadAsync(TlsTarget target, CancellationToken cancellationToken)
    {
        var (name, whose) = (target.Address.ToString(), string.Join(", ", target.Services));
        try
        {
            var reading = await certificates.ReadAsync(target, null, s_timeout, cancellationToken).ConfigureAwait(false);
            var detail = $"{whose}: {reading.Reason}";
            if (reading.Status is not ProbeStatus.Up) return LabCheck.Failed(CertificateGroup, name, detail, $"Renew the certificate, or say how it is verified: services.{target.Services[0]}.check.trust.");
            return reading.DaysLeft < FewDays
                ? LabCheck.Warning(CertificateGroup, name, detail, string.Create(CultureInfo.InvariantCulture, $"Renew it. What renews it by itself has not done so; fewer than {FewDays} days are left."))
                : LabCheck.Ok(CertificateGroup, name, detail);
        }
        catch (HomelabException e)
        {
            return LabCheck.Failed(CertificateGroup, name, e, $"Look at services.{target.Services[0]}.check.");
        }
    }
}
