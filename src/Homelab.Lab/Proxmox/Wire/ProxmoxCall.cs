using System.Globalization;

namespace Homelab.Lab.Proxmox;

/// <summary>One request on its way to a route: who asks what, with parameters that have been verified.</summary>
/// <param name="cluster">The cluster it is about.</param>
/// <param name="route">The route that was found.</param>
/// <param name="user">Who asks: <c>root@pam</c>, <c>root@pam!lab</c>; null for a route that is open to the world.</param>
/// <param name="received">The node that it was sent to.</param>
/// <param name="values">Every parameter, those of the path too.</param>
internal sealed class ProxmoxCall(SimulatedProxmox cluster, SimulatedRoute route, string? user, SimulatedNode received, IReadOnlyDictionary<string, IReadOnlyList<string>> values)
{
    internal SimulatedProxmox Cluster { get; } = cluster;

    internal SimulatedRoute Route { get; } = route;

    /// <summary>Who asks; empty before login.</summary>
    internal string User { get; } = user ?? "";

    /// <summary>The node that it was sent to, which need not be the one it is about.</summary>
    internal SimulatedNode Received { get; } = received;

    /// <summary>The file of an upload.</summary>
    internal ProxmoxUpload? Upload { get; init; }

    internal IReadOnlyDictionary<string, IReadOnlyList<string>> Values { get; } = values;

    /// <summary>The node it is about: that of the path, else that which was asked.</summary>
    internal SimulatedNode Node => Text("node") is { } name ? name == "localhost" ? Received : Cluster.Node(name) : Received;

    /// <summary>True for <c>root@pam</c> himself; a token of root is not root.</summary>
    internal bool IsRoot => User == SimulatedAccess.Root;

    internal bool Has(string name) => Values.ContainsKey(name);

    /// <summary>A parameter's text; several values are one list with commas.</summary>
    internal string? Text(string name) => Values.TryGetValue(name, out var found) ? found.Count == 1 ? found[0] : string.Join(',', found) : null;

    internal string Required(string name) => Text(name) ?? throw ProxmoxRefusedException.Parameter(name, ParameterCheck.Missing);

    internal bool Flag(string name, bool otherwise = false) => Text(name) is { } text ? text is "1" : otherwise;

    internal long? Whole(string name) => Text(name) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    internal int Vmid => (int)Whole("vmid")!.Value;

    /// <summary>A list, however it came: several values, commas, semicolons or blanks.</summary>
    internal IReadOnlyList<string> List(string name) =>
        Values.TryGetValue(name, out var found) ? [.. found.SelectMany(static v => v.Split([',', ';', ' ', '\0'], StringSplitOptions.RemoveEmptyEntries))] : [];

    /// <summary>Whether the caller has a privilege.</summary>
    internal bool May(string path, string privilege) => Cluster.Access.May(User, path, privilege);

    internal bool MayAny(string path, params ReadOnlySpan<string> privileges)
    {
        foreach (var privilege in privileges)
        {
            if (May(path, privilege)) return true;
        }

        return false;
    }

    /// <summary>Refuses when the caller lacks a privilege.</summary>
    internal void Demand(string path, string privilege)
    {
        if (!May(path, privilege)) throw ProxmoxRefusedException.Forbidden($"{path}, {privilege}");
    }

    /// <summary>Starts a task in the caller's name on the node it is about.</summary>
    internal SimulatedTask Start(string type, string id, TaskPlan plan) => Cluster.Tasks.Start(Node, type, id, User, plan);
}

/// <summary>The file of an upload.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Sha256">Its hash, in hex.</param>
internal sealed record ProxmoxUpload(string Name, long Size, string Sha256);
