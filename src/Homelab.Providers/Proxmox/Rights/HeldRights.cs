namespace Homelab.Providers.Proxmox;

/// <summary>The rights that a token has, by path, as Proxmox tells them: what it inherits is told with it.</summary>
/// <param name="paths">By path the privileges, and whether each goes on below.</param>
internal sealed class HeldRights(IReadOnlyDictionary<string, Dictionary<string, bool>> paths)
{
    private static readonly string[] s_told = ["/", "/access", "/nodes", "/pool", "/sdn", "/storage", "/vms"];

    /// <summary>Everything that is held anywhere.</summary>
    internal IReadOnlyList<string> Privileges { get; } = [.. paths.Values.SelectMany(static p => p.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>What is held on everything.</summary>
    internal IReadOnlyList<string> OnRoot { get; } = [.. paths.GetValueOrDefault("/", []).Where(static p => p.Value).Select(static p => p.Key).Order(StringComparer.Ordinal)];

    /// <summary>The paths that a privilege holds on, the widest ones only.</summary>
    internal IReadOnlyList<string> PathsOf(string privilege)
    {
        string[] all = [.. paths.Where(p => p.Value.ContainsKey(privilege)).Select(static p => p.Key).Order(StringComparer.Ordinal)];
        return [.. all.Where(path => !all.Any(wider => wider != path && paths[wider][privilege] && IsBelow(path, wider)))];
    }

    /// <summary>Where below a path a privilege holds: that path itself where it holds for all, else the places; none where it is missing.</summary>
    internal IReadOnlyList<string> Where(string privilege, RightPath on)
    {
        var path = Rights.PathOf(on);
        if (on == RightPath.Root) return Has("/", privilege, goesOn: false) ? ["/"] : [];
        if (Has(path, privilege, goesOn: true)) return [path];
        // Of the paths that are always told, a missing one says that nothing is inherited there.
        var anchor = s_told.Where(t => t == path || IsBelow(path, t)).MaxBy(static t => t.Length)!;
        if (Has(anchor, privilege, goesOn: true)) return [anchor];
        var hasPools = on is RightPath.Guests or RightPath.Storages;
        return
        [
            .. paths.Keys
                .Where(p => IsBelow(p, path) ? Has(p, privilege, goesOn: false) : hasPools && IsBelow(p, "/pool") && Has(p, privilege, goesOn: true))
                .Order(StringComparer.Ordinal),
        ];
    }

    private bool Has(string path, string privilege, bool goesOn) => paths.TryGetValue(path, out var here) && here.TryGetValue(privilege, out var below) && (below || !goesOn);

    private static bool IsBelow(string path, string wider) => wider == "/" ? path != "/" : path.StartsWith(wider + "/", StringComparison.Ordinal);
}
