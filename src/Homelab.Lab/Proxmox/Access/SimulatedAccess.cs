namespace Homelab.Lab.Proxmox;

/// <summary>Users, groups, tokens, roles and rights of the cluster: its <c>user.cfg</c>.</summary>
internal sealed class SimulatedAccess
{
    /// <summary>Who may do everything.</summary>
    internal const string Root = "root@pam";

    private readonly Func<string, string?> _poolOf;
    private readonly Dictionary<(string User, string Path), IReadOnlyDictionary<string, bool>> _known = [];
    private readonly Lock _lock;

    /// <param name="gate">The cluster's lock.</param>
    /// <param name="poolOf">The pool of a guest or a storage, by the access path of either.</param>
    internal SimulatedAccess(Lock gate, Func<string, string?> poolOf)
    {
        _lock = gate;
        _poolOf = poolOf;
        Users[Root] = new SimulatedUser(Root);
        foreach (var (name, privileges) in Privileges.BuiltInRoles) Roles[name] = privileges;
    }

    internal Dictionary<string, SimulatedUser> Users { get; } = new(StringComparer.Ordinal);

    /// <summary>Groups and what is said of them.</summary>
    internal Dictionary<string, string?> Groups { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, IReadOnlySet<string>> Roles { get; } = new(StringComparer.Ordinal);

    internal List<SimulatedAcl> Acls { get; } = [];

    /// <summary>What was found out about rights no longer counts.</summary>
    internal void Changed()
    {
        lock (_lock) _known.Clear();
    }

    internal void Allow(SimulatedAcl acl)
    {
        lock (_lock)
        {
            Acls.RemoveAll(a => a.Path == acl.Path && a.Kind == acl.Kind && a.Who == acl.Who && a.Role == acl.Role);
            Acls.Add(acl);
            _known.Clear();
        }
    }

    internal SimulatedUser User(string id) => Users.TryGetValue(id, out var user) ? user : throw ProxmoxRefusedException.Failed($"no such user ('{id}')");

    internal IReadOnlyList<string> GroupsOf(string id) => Users.TryGetValue(id, out var user) ? user.Groups : [];

    /// <summary>Whether a user or token has a privilege on a path.</summary>
    internal bool May(string user, string path, string privilege) => Effective(user, path).ContainsKey(privilege);

    /// <summary>The privileges of a user or token on a path, and whether each holds below it too.</summary>
    internal IReadOnlyDictionary<string, bool> Effective(string user, string path)
    {
        lock (_lock)
        {
            if (_known.TryGetValue((user, path), out var known)) return known;
            return _known[(user, path)] = Find(user, path);
        }
    }

    private Dictionary<string, bool> Find(string user, string path)
    {
        if (user == Root) return Privileges.All.ToDictionary(static p => p, static _ => true, StringComparer.Ordinal);
        var (owner, token) = Split(user);
        if (!Users.TryGetValue(owner, out var known) || !known.Enabled) return [];
        if (token is null) return Granted(user, path);
        if (!known.Tokens.TryGetValue(token, out var details)) return [];
        if (!details.Separated) return new Dictionary<string, bool>(Effective(owner, path), StringComparer.Ordinal);
        var owned = Effective(owner, path);
        return Granted(user, path).Where(p => owned.ContainsKey(p.Key)).ToDictionary(static p => p.Key, p => p.Value && owned[p.Key], StringComparer.Ordinal);
    }

    private Dictionary<string, bool> Granted(string user, string path)
    {
        var roles = RolesAt(user, path);
        var found = Privileged(roles);
        // A guest's or storage's pool gives rights too, unless there is none at all.
        if (!roles.ContainsKey("NoAccess") && _poolOf(path) is { } pool)
        {
            foreach (var (privilege, propagate) in Privileged(RolesAt(user, "/pool/" + pool))) found.TryAdd(privilege, propagate);
        }

        return found;
    }

    private Dictionary<string, bool> Privileged(Dictionary<string, bool> roles)
    {
        var found = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var (role, propagate) in roles)
        {
            if (!Roles.TryGetValue(role, out var privileges)) continue;
            foreach (var privilege in privileges) found[privilege] = propagate || found.GetValueOrDefault(privilege);
        }

        return found;
    }

    // From the root down; what is said nearer to the path replaces what came from above, and a user's line beats its groups'.
    private Dictionary<string, bool> RolesAt(string who, string path)
    {
        var roles = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var place in Places(path))
        {
            var final = place == path;
            var here = Acls.Where(a => a.Path == place && (final || a.Propagate)).ToArray();
            var own = here.Where(a => a.Kind is not "group" && a.Who == who).ToArray();
            var said = own.Length > 0 ? own : [.. here.Where(a => a.Kind is "group" && GroupsOf(who).Contains(a.Who, StringComparer.Ordinal))];
            if (said.Length == 0) continue;
            roles.Clear();
            if (said.FirstOrDefault(static a => a.Role is "NoAccess") is { } none) roles["NoAccess"] = none.Propagate;
            else foreach (var acl in said) roles[acl.Role] = acl.Propagate;
        }

        return roles;
    }

    private static IEnumerable<string> Places(string path)
    {
        yield return "/";
        if (path == "/") yield break;
        for (var i = path.IndexOf('/', 1); i > 0; i = path.IndexOf('/', i + 1)) yield return path[..i];
        yield return path;
    }

    /// <summary>The user of a token's full id, and the token's own name.</summary>
    internal static (string Owner, string? Token) Split(string user) => user.Split('!', 2) is [var owner, var token] ? (owner, token) : (user, null);
}
