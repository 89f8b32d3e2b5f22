namespace Homelab.Providers.Proxmox;

/// <summary>The cluster as a whole, from what the API says to what we know.</summary>
internal static class ClusterReader
{
    private const int ShownLength = 120;

    internal static ClusterStatus Read(IReadOnlyList<ClusterEntryWire> entries, IReadOnlyList<ResourceWire> resources, VersionWire version, IReadOnlyList<HaStatusWire> ha)
    {
        var own = entries.FirstOrDefault(static e => e.Type is "cluster");
        var nodes = entries.Where(static e => e.Type is "node").ToArray();
        var running = resources.Where(static r => r is { Type: "node", Status: "online" }).ToArray();
        var guests = resources.Select(VmReader.Read).OfType<Vm>().Where(static v => !v.Template).ToArray();
        var storages = StorageDirectory.Read(resources);
        var cpus = running.Sum(static n => n.MaxCpu ?? 0);
        // One node alone needs no majority, and shows no cluster.
        var quorate = own is null ? nodes.Length == 1 : own.Quorate is true;
        string[] problems = [.. Problems(own, quorate, nodes), .. storages.Where(static s => s.State != StorageState.Available).Select(Problem), .. Problems(ha)];
        return new ClusterStatus
        {
            Name = own?.Name ?? nodes.FirstOrDefault()?.Name ?? "",
            Ok = problems.Length == 0,
            Problems = problems,
            Quorate = quorate,
            NodesOnline = nodes.Count(static n => n.Online is true),
            Nodes = nodes.Length,
            Members =
            [
                .. nodes
                    .Where(static n => n.Name is not null)
                    .Select(static n => new ClusterMember { Name = n.Name!, Online = n.Online is true, Address = n.Ip ?? "" })
                    .OrderBy(static n => n.Name, StringComparer.Ordinal),
            ],
            Version = version.Version ?? "",
            GuestsRunning = guests.Count(static v => v.State == VmState.Running),
            Guests = guests.Length,
            Cpu = cpus > 0 ? running.Sum(static n => (n.Cpu ?? 0) * (n.MaxCpu ?? 0)) / cpus : 0,
            MaxCpu = cpus,
            Memory = running.Sum(static n => n.Memory ?? 0),
            MaxMemory = running.Sum(static n => n.MaxMemory ?? 0),
            Storage = storages.Sum(static s => s.Used),
            MaxStorage = storages.Sum(static s => s.Size),
            HaResources = ha.Count(static h => h.Type is "service"),
            HaMaster = ha.FirstOrDefault(static h => h.Type is "master")?.Node,
        };
    }

    private static IEnumerable<string> Problems(ClusterEntryWire? own, bool quorate, ClusterEntryWire[] nodes)
    {
        if (nodes.Length == 0) yield return "The cluster names no node.";
        else if (!quorate) yield return own is null ? "Nothing is said of a majority of the nodes." : $"Cluster {Said(own.Name)} has no majority of its nodes: nothing can be changed.";
        foreach (var node in nodes.Where(static n => n.Online is not true)) yield return $"Node {Said(node.Name)} is not online.";
    }

    private static string Problem(ProxmoxStorage storage) =>
        $"Storage {Said(storage.Name)} on {Said(storage.Node)} is {(storage.State == StorageState.Unknown ? "not known to be available" : "not available")}.";

    private static IEnumerable<string> Problems(IReadOnlyList<HaStatusWire> ha)
    {
        var managed = ha.Where(static h => h.Type is "service").ToArray();
        foreach (var service in managed.Where(static s => s.State is null or "error" or "fence" or "recovery"))
        {
            yield return $"High availability: {Said(service.Sid)} is in state {Said(service.State)}.";
        }

        // The manager and its agents sleep where there is nothing to look after.
        if (managed.Length == 0) yield break;
        foreach (var agent in ha.Where(static h => h.Type is "lrm" or "master" && (Says(h.Status, "old timestamp") || Says(h.Status, "unable to read"))))
        {
            yield return $"High availability: the {(agent.Type is "master" ? "manager" : "agent")} on {Said(agent.Node)} does not answer.";
        }
    }

    private static bool Says(string? status, string words) => status?.Contains(words, StringComparison.Ordinal) is true;

    private static string Said(string? text) => text is null ? "?" : ForeignText.Clean(text, ShownLength);
}
