using System.Net;

namespace Homelab.Automation.Correlation;

/// <summary>Reads from a lab file what needs what, whether it says so or not.</summary>
internal static class GraphNeeds
{
    private static readonly IPNetwork[] s_tailnet = [IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("fd7a:115c:a1e0::/48")];

    /// <summary>The needs, none of which closes a circle, and those that were left out because they would have.</summary>
    internal static (IReadOnlyList<Need> Needs, IReadOnlyList<Need> Cut) Of(LabDefinition lab)
    {
        var ways = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var needs = new List<Need>();
        var cut = new List<Need>();
        // The surest first: it is the weaker one that is left out. Within a kind the names decide, so that the same lab always has the same graph.
        foreach (var need in All(lab).DistinctBy(n => (n.By, n.On)).OrderBy(n => n.Kind).ThenBy(n => n.By, StringComparer.Ordinal).ThenBy(n => n.On, StringComparer.Ordinal))
        {
            if (Leads(ways, need.On, need.By))
            {
                cut.Add(need);
                continue;
            }

            needs.Add(need);
            if (ways.TryGetValue(need.By, out var others)) others.Add(need.On);
            else ways[need.By] = [need.On];
        }

        return (needs, cut);
    }

    /// <summary>What stands for a machine: the service that says so, or the machine itself.</summary>
    internal static string HostNode(LabDefinition lab, string host) =>
        lab.Services.Where(s => s.Value.Provides == ServiceRole.Host && s.Value.Machine == host).Select(s => s.Key).Order(StringComparer.Ordinal).FirstOrDefault()
        ?? ServiceGraph.ImplicitHost(host);

    private static IEnumerable<Need> All(LabDefinition lab)
    {
        var hosts = lab.Hosts.Keys.ToDictionary(h => h, h => HostNode(lab, h), StringComparer.Ordinal);
        string[] dns = Providing(lab, ServiceRole.Dns);
        string[] vpn = Providing(lab, ServiceRole.Vpn);
        foreach (var (name, service) in lab.Services)
        {
            foreach (var other in service.DependsOn.Where(lab.Services.ContainsKey)) yield return new Need(name, other, NeedKind.DependsOn);
            if (service.Proxy is { } proxy && lab.Services.ContainsKey(proxy)) yield return new Need(name, proxy, NeedKind.Proxy);
            if (Below(lab, service) is { } host && hosts.TryGetValue(host, out var node)) yield return new Need(name, node, NeedKind.Host);
            foreach (var need in Ways(name, Addresses(service.Check), dns, vpn)) yield return need;
        }

        foreach (var (name, host) in lab.Hosts)
        {
            if (!ServiceGraph.IsImplicitHost(hosts[name])) continue;
            if (host.On is { } on && hosts.TryGetValue(on, out var below)) yield return new Need(hosts[name], below, NeedKind.Host);
            foreach (var need in Ways(hosts[name], [host.Address], dns, vpn)) yield return need;
        }
    }

    // The machine that it runs on; of one that is a machine itself, the one below.
    private static string? Below(LabDefinition lab, ServiceDefinition service)
    {
        var guest = service.Vm is { } vm ? new[] { vm.Node, vm.Name }.FirstOrDefault(n => n is not null && lab.Hosts.ContainsKey(n)) : null;
        return service.Provides != ServiceRole.Host ? service.Machine ?? guest
            : service.Machine is { } own && lab.Hosts.TryGetValue(own, out var host) ? host.On ?? (guest == own ? null : guest)
            : guest;
    }

    private static IEnumerable<Need> Ways(string name, IReadOnlyList<string> addresses, string[] dns, string[] vpn)
    {
        if (addresses.Any(IsName))
        {
            foreach (var server in dns.Where(d => d != name)) yield return new Need(name, server, NeedKind.Dns);
        }

        if (addresses.Any(IsOfTailnet))
        {
            foreach (var net in vpn.Where(v => v != name)) yield return new Need(name, net, NeedKind.Vpn);
        }
    }

    private static string[] Addresses(CheckDefinition? check) =>
        check is null ? [] : [.. new[] { check.Http?.Host, HostOf(check.Tcp), HostOf(check.Tls), HostOf(check.Dns?.Server) }.OfType<string>().Where(a => a.Length > 0)];

    private static string? HostOf(string? address)
    {
        if (address is null) return null;
        if (address.StartsWith('[')) return address[1..].Split(']')[0];
        return address.AsSpan().Count(':') == 1 ? address.Split(':')[0] : address;
    }

    private static bool IsName(string address) =>
        address.Length > 0 && !IPAddress.TryParse(address.Trim('[', ']'), out _) && !string.Equals(address, "localhost", StringComparison.OrdinalIgnoreCase);

    private static bool IsOfTailnet(string address) => IPAddress.TryParse(address.Trim('[', ']'), out var ip) && s_tailnet.Any(n => n.Contains(ip));

    private static string[] Providing(LabDefinition lab, ServiceRole role) => [.. lab.Services.Where(s => s.Value.Provides == role).Select(s => s.Key).Order(StringComparer.Ordinal)];

    private static bool Leads(Dictionary<string, List<string>> ways, string from, string to)
    {
        if (from == to) return true;
        var seen = new HashSet<string>(StringComparer.Ordinal) { from };
        var stack = new Stack<string>([from]);
        while (stack.TryPop(out var next))
        {
            if (!ways.TryGetValue(next, out var others)) continue;
            foreach (var other in others)
            {
                if (other == to) return true;
                if (seen.Add(other)) stack.Push(other);
            }
        }

        return false;
    }
}
