using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>Who may do what: permissions, roles, the access control list, groups, realms.</summary>
internal static class AccessRoutes
{
    private const string AuthIdPattern = @"(?^:^(?^:[^\s:/]+)\@(?^:[A-Za-z][A-Za-z0-9\.\-_]+)(?:!(?^:[A-Za-z][A-Za-z0-9\.\-_]+))?$)";

    private static readonly string[] s_always =
        ["/", "/access", "/access/groups", "/access/realm", "/mapping", "/mapping/dir", "/mapping/hwrng", "/mapping/notifications", "/mapping/pci", "/mapping/usb", "/nodes", "/pool", "/sdn", "/storage", "/vms"];

    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of("GET", "/access", SimulatedRights.Everybody, "array", static _ => Json.Index(
            "subdir", "users", "groups", "roles", "acl", "domains", "openid", "tfa", "ticket", "permissions", "password")),
        SimulatedRoute.Of("GET", "/access/domains", SimulatedRights.World, "array", static _ => Json.List(
        [
            new JsonObject { ["realm"] = "pam", ["type"] = "pam", ["comment"] = "Linux PAM standard authentication" },
            new JsonObject { ["realm"] = "pve", ["type"] = "pve", ["comment"] = "Proxmox VE authentication server" },
        ])),
        SimulatedRoute.Of("GET", "/access/permissions", SimulatedRights.Everybody, "object", static call => Permissions(call), Text("path"), Text("userid") with { Pattern = AuthIdPattern }),
        SimulatedRoute.Of("GET", "/access/roles", SimulatedRights.Everybody, "array", static call => Json.List(call.Cluster.Access.Roles.Select(static r =>
            new JsonObject { ["roleid"] = r.Key, ["privs"] = string.Join(',', r.Value.Order(StringComparer.Ordinal)), ["special"] = Json.Bit(Privileges.BuiltInRoles.ContainsKey(r.Key)) }))),
        SimulatedRoute.Of("GET", "/access/roles/{roleid}", SimulatedRights.Everybody, "object", static call => Role(call)),
        SimulatedRoute.Of("GET", "/access/acl", SimulatedRights.Everybody, "array", static call => Acl(call)),
        SimulatedRoute.Of(
            "PUT", "/access/acl", SimulatedRights.Modify("{path}"), "null", static call => ChangeAcl(call),
            Flag("delete"), Text("groups", "pve-groupid-list"), Text("path").Must(), Flag("propagate", "1"), Text("roles", "pve-roleid-list").Must(), Text("tokens", "pve-tokenid-list"),
            Text("users", "pve-userid-list")),
        SimulatedRoute.Of("GET", "/access/groups", SimulatedRights.Everybody, "array", static call => Groups(call)),
    ];

    private static ProxmoxAnswer Permissions(ProxmoxCall call)
    {
        var who = call.Text("userid") ?? call.User;
        // Everybody may look at his own rights and those of his tokens.
        if (who != call.User && SimulatedAccess.Split(who).Owner != call.User) call.Demand("/access", "Sys.Audit");
        var access = call.Cluster.Access;
        var paths = call.Text("path") is { } path ? [path] : s_always.Concat(access.Acls.Select(static a => a.Path)).Distinct(StringComparer.Ordinal);
        var found = new JsonObject();
        foreach (var place in paths)
        {
            var held = access.Effective(who, place);
            if (held.Count > 0) found[place] = new JsonObject(held.Select(static p => KeyValuePair.Create(p.Key, (JsonNode?)Json.Bit(p.Value))));
        }

        return found;
    }

    private static ProxmoxAnswer Role(ProxmoxCall call)
    {
        var name = call.Required("roleid");
        if (!call.Cluster.Access.Roles.TryGetValue(name, out var privileges)) throw ProxmoxRefusedException.Failed($"role '{name}' does not exist");
        return new JsonObject(privileges.Select(static p => KeyValuePair.Create(p, (JsonNode?)1)));
    }

    private static ProxmoxAnswer Acl(ProxmoxCall call) => Json.List(call.Cluster.Access.Acls.Where(a => call.May(a.Path, "Permissions.Modify")).Select(static a =>
        new JsonObject { ["path"] = a.Path, ["type"] = a.Kind, ["ugid"] = a.Who, ["roleid"] = a.Role, ["propagate"] = Json.Bit(a.Propagate) }));

    private static ProxmoxAnswer ChangeAcl(ProxmoxCall call)
    {
        if (!call.Has("users") && !call.Has("groups") && !call.Has("tokens"))
        {
            throw ProxmoxRefusedException.Parameters(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["users"] = "either 'users', 'groups' or 'tokens' is required.", ["groups"] = "either 'users', 'groups' or 'tokens' is required.", ["tokens"] = "either 'users', 'groups' or 'tokens' is required.",
            });
        }

        var access = call.Cluster.Access;
        var path = call.Required("path");
        foreach (var role in call.List("roles"))
        {
            if (!access.Roles.ContainsKey(role)) throw ProxmoxRefusedException.Failed($"role '{role}' does not exist");
            foreach (var (kind, who) in call.List("users").Select(static u => ("user", u)).Concat(call.List("groups").Select(static g => ("group", g))).Concat(call.List("tokens").Select(static t => ("token", t))))
            {
                if (call.Flag("delete")) access.Acls.RemoveAll(a => a.Path == path && a.Kind == kind && a.Who == who && a.Role == role);
                else access.Allow(new SimulatedAcl(path, kind, who, role, call.Flag("propagate", otherwise: true)));
            }
        }

        access.Changed();
        return ProxmoxAnswer.Nothing;
    }

    private static ProxmoxAnswer Groups(ProxmoxCall call)
    {
        var access = call.Cluster.Access;
        return Json.List(access.Groups.Where(g => call.MayAny("/access/groups/" + g.Key, "User.Modify", "Sys.Audit", "Group.Allocate")).Select(g => new JsonObject
        {
            ["groupid"] = g.Key,
            ["users"] = string.Join(',', access.Users.Values.Where(u => u.Groups.Contains(g.Key, StringComparer.Ordinal)).Select(static u => u.Id)),
        }.With("comment", g.Value)));
    }
}
