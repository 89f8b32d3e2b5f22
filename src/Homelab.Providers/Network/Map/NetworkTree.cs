namespace Homelab.Providers.Network;

/// <summary>Puts the hosts of a lab under those they run on, and the services under their hosts.</summary>
internal static class NetworkTree
{
    /// <summary>The entries, each after the one it stands under, in the order of the lab file.</summary>
    internal static IReadOnlyList<NetworkMapEntry> Of(LabDefinition lab)
    {
        var roots = new List<Node>();
        var hosts = lab.Hosts.ToDictionary(static h => h.Key, static h => new Node(HostEntry(h.Key, h.Value)), StringComparer.Ordinal);
        // What runs on a host that is not there, or in a circle on itself, is no mistake of the map: the rules of the lab file tell it, and here it stands at the top.
        foreach (var (name, host) in lab.Hosts) Place(hosts[name], host.On is { } on && hosts.ContainsKey(on) && !IsUnder(lab, on, name) ? on : null);
        foreach (var (name, service) in lab.Services) Place(new Node(ServiceEntry(name, service)), ServicePlace.HostOf(lab, service));
        var entries = new List<NetworkMapEntry>();
        foreach (var root in roots) Write(root, null, 0, "", "", entries);
        return entries;

        void Place(Node node, string? on) => (on is null ? roots : hosts[on].Below).Add(node);
    }

    private static NetworkMapEntry HostEntry(string name, HostDefinition host) =>
        new() { Name = name, Kind = NetworkMapKind.Host, Depth = 0, Address = host.Address, Role = host.Role, Detail = host.Address.Length > 0 ? "not asked" : "the lab file gives no address" };

    private static NetworkMapEntry ServiceEntry(string name, ServiceDefinition service) =>
        new() { Name = name, Kind = NetworkMapKind.Service, Depth = 0, Address = ServicePlace.AddressOf(service.Check), Role = HomelabNames.Of(service.Tier), Detail = ServiceProbes.IsDefined(service.Check) ? "not asked" : "the lab file gives no check" };

    private static bool IsUnder(LabDefinition lab, string host, string other)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var at = host; at is not null && seen.Add(at); at = lab.Hosts.GetValueOrDefault(at)?.On)
        {
            if (at == other) return true;
        }

        return false;
    }

    // Hosts before services: what a host carries is read before what it does. As deep as a lab nests, which its rules keep from being a circle.
    private static void Write(Node node, string? parent, int depth, string lines, string below, List<NetworkMapEntry> entries)
    {
        entries.Add(node.Entry with { Parent = parent, Depth = depth, Lines = lines });
        Node[] children = [.. node.Below.OrderBy(static n => n.Entry.Kind)];
        for (var i = 0; i < children.Length; i++)
        {
            var last = i == children.Length - 1;
            Write(children[i], node.Entry.Name, depth + 1, below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "), entries);
        }
    }

    private sealed record Node(NetworkMapEntry Entry)
    {
        internal List<Node> Below { get; } = [];
    }
}
