namespace Homelab.Providers.Proxmox;

/// <summary>The lines that make a token with no more rights than a level needs, for a shell on a node. 8.4 and 9.x know different privileges; what differs stands apart.</summary>
internal static class TokenScript
{
    private const string SystemRole = "HlSystem";
    private const string ExecRole = "HlExec";
    private const string UpdateRole = "HlUpdate";

    internal static IEnumerable<string> Write(WriteTokenScript.Input input)
    {
        var rights = Rights.Needed.Where(n => (int)n.Level <= (int)input.Level).Select(static n => n.Right).ToArray();
        var own = rights.Where(static r => r.On is not (RightPath.Root or RightPath.Nodes)).ToArray();
        var role = $"Hl{input.Level}";
        var token = $"'{input.User}!{input.TokenName}'";

        yield return $"# A Proxmox token for level {HomelabNames.Of(input.Level)}, with no more rights than that needs. Run this on a node, as root.";
        yield return $"pveum user add {input.User} --comment 'Homelab.PowerShell'";
        yield return "# The answer shows the token's secret, this once.";
        yield return $"pveum user token add {input.User} {input.TokenName} --privsep 1";
        yield return "";
        yield return "# What the nodes and the cluster tell of themselves.";
        foreach (var line in Role(SystemRole, [.. rights.Where(static r => r.On is RightPath.Root or RightPath.Nodes)])) yield return line;
        foreach (var line in Grant(SystemRole, ["/"])) yield return line;
        yield return "";
        yield return $"# Guests and storages{(input.Path == "/" ? "" : $", only below {input.Path}")}.";
        foreach (var line in Role(role, own)) yield return line;
        foreach (var line in Grant(role, Paths(input.Path, own))) yield return line;
        if (input.GuestExec)
        {
            yield return "";
            yield return "# Commands in guests: all that root may do there.";
            foreach (var line in Role(ExecRole, Apart(TokenLevel.Exec))) yield return line;
            foreach (var line in Grant(ExecRole, [input.Path == "/" ? "/vms" : input.Path])) yield return line;
        }

        if (input.Update)
        {
            yield return "";
            yield return "# Pending updates: Proxmox has no smaller right for the list than the one to change the nodes.";
            foreach (var line in Role(UpdateRole, Apart(TokenLevel.Update))) yield return line;
            foreach (var line in Grant(UpdateRole, ["/nodes"])) yield return line;
        }

        // With privilege separation a token may what both it and its user may.
        IEnumerable<string> Grant(string granted, IEnumerable<string> paths) =>
            paths.SelectMany(path => new[] { $"pveum acl modify {path} --users {input.User} --roles {granted}", $"pveum acl modify {path} --tokens {token} --roles {granted}" });
    }

    private static IEnumerable<string> Role(string name, Right[] rights)
    {
        var same = Names(rights.Where(static r => r.Before9 is null).Select(static r => r.Privilege));
        var now = Names(rights.Where(static r => r.Before9 is not null).Select(static r => r.Privilege));
        var before = Names(rights.Select(static r => r.Before9).OfType<string>());
        yield return same.Length > 0 ? $"pveum role add {name} --privs '{same}'" : $"pveum role add {name}";
        if (now.Length == 0) yield break;
        yield return "# On 9.x:";
        yield return $"pveum role modify {name} --append 1 --privs '{now}'";
        yield return "# On 8.4 the line above is refused; there it is this one, which grants all of QEMU's monitor:";
        yield return $"# pveum role modify {name} --append 1 --privs '{before}'";
    }

    private static Right[] Apart(TokenLevel level) => [.. Rights.Needed.Where(n => n.Level == level).Select(static n => n.Right)];

    // A pool passes its rights on to its guests and storages; bridges belong to none.
    private static IEnumerable<string> Paths(string path, Right[] rights)
    {
        var kinds = rights.Select(static r => r.On).Distinct().Order().ToArray();
        if (path == "/") return kinds.Select(Rights.PathOf);
        var isPool = path.StartsWith("/pool/", StringComparison.Ordinal);
        return [path, .. kinds.Where(k => k == RightPath.Networks || (!isPool && k is RightPath.Storages or RightPath.Pools)).Select(Rights.PathOf)];
    }

    private static string Names(IEnumerable<string> privileges) => string.Join(' ', privileges.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
