using System.Globalization;

namespace Homelab.PowerShell.Formatting;

/// <content>Clusters, nodes and what they hold.</content>
public static partial class Row
{
    private const double FullShare = 0.9;
    private const double NearlyFull = 0.8;

    /// <summary>How much of something is used, in the colour of how full it is; empty where its size is not known.</summary>
    public static string Used(long used, long size)
    {
        if (size <= 0) return "";
        var text = $"{Cell.Size(used)} of {Cell.Size(size)}";
        return used >= size * FullShare ? Tint.Bad(text) : used >= size * NearlyFull ? Tint.Warn(text) : text;
    }

    /// <summary>How many of all: <c>2 of 3</c>.</summary>
    public static string Part(int part, int all) => string.Create(CultureInfo.InvariantCulture, $"{part} of {all}");

    /// <summary>How much of its processors a node uses; empty where it does not answer.</summary>
    public static string Processor(ClusterNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.Online ? string.Create(CultureInfo.InvariantCulture, $"{Cell.Share(node.Cpu)} of {node.MaxCpu:0.##}") : "";
    }

    /// <summary>How much of its processors a cluster uses.</summary>
    public static string Processor(ClusterStatus cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return string.Create(CultureInfo.InvariantCulture, $"{Cell.Share(cluster.Cpu)} of {cluster.MaxCpu:0.##}");
    }

    /// <summary>The nodes of a cluster with their addresses, each on a line of its own.</summary>
    public static string Members(ClusterStatus cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return Cell.Lines(cluster.Members.Select(static m => $"{m.Name} {m.Address}{(m.Online ? "" : " (not online)")}"));
    }

    /// <summary>What wanted a processor of a node in the last minutes.</summary>
    public static string Load(ClusterNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return string.Join(' ', node.Load.Select(static l => l.ToString("0.00", CultureInfo.InvariantCulture)));
    }

    /// <summary>Where a storage is: on its node, or shared.</summary>
    public static string Place(ProxmoxStorage storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        return storage.Shared ? Cell.Text(storage.Name) : Place(storage.Name, storage.Node);
    }

    /// <summary>How much of a disk's life is used up; empty where it does not tell.</summary>
    public static string Wear(NodeDisk disk)
    {
        ArgumentNullException.ThrowIfNull(disk);
        if (disk.Wear is not { } wear) return "";
        var text = Cell.Share(wear);
        return wear >= FullShare ? Tint.Bad(text) : wear >= NearlyFull ? Tint.Warn(text) : text;
    }

    /// <summary>What a ZFS pool is made of, each in a line.</summary>
    public static string Devices(ZfsPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return string.Join(Environment.NewLine, pool.Devices.Select(static d => string.Create(
            CultureInfo.InvariantCulture,
            $"{new string(' ', Math.Clamp(d.Depth, 0, 8) * 2)}{Cell.Text(d.Name)} {Cell.State(d.Health)} {d.ReadErrors}/{d.WriteErrors}/{d.ChecksumErrors} {Cell.Text(d.Message)}").TrimEnd()));
    }

    /// <summary>The guests and storages of a pool.</summary>
    public static string Members(VmPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return Cell.List(pool.Members.Select(static m => m.ToString()));
    }

    /// <summary>What the high-availability manager makes of a guest, in the colour of whether that is as it should be.</summary>
    public static string State(HaResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var text = Cell.Text(resource.State);
        return resource.State switch
        {
            "error" or "fence" or "recovery" => Tint.Bad(text),
            _ when resource.State == resource.Wanted => Tint.Good(text),
            _ => Tint.Warn(text),
        };
    }

    /// <summary>What a rule of a firewall does, and whether it has any effect.</summary>
    public static string Action(VmFirewallRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var text = Cell.Text(rule.Action);
        return rule.Ineffective.Length > 0 ? Tint.Quiet(text + " (no effect)") : rule.Action switch
        {
            "ACCEPT" => Tint.Good(text),
            "DROP" or "REJECT" => Tint.Bad(text),
            _ => text,
        };
    }

    /// <summary>What packets a rule of a firewall is about: <c>SSH</c>, <c>tcp 80,443</c>.</summary>
    public static string Service(VmFirewallRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return Cell.Text(rule.Macro.Length > 0 ? rule.Macro : $"{(rule.Protocol.Length > 0 ? rule.Protocol : "any")} {rule.Port}");
    }

    /// <summary>Between whom a rule of a firewall decides.</summary>
    public static string Way(VmFirewallRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return Cell.Text($"{(rule.Source.Length > 0 ? rule.Source : "any")} -> {(rule.Destination.Length > 0 ? rule.Destination : "any")}{(rule.Interface.Length > 0 ? $" on {rule.Interface}" : "")}");
    }
}
