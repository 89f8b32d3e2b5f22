using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>Tickets: by password, by a second factor, by an older ticket.</summary>
internal static class LoginRoutes
{
    private const string Failure = "authentication failure\n";

    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of("GET", "/access/ticket", SimulatedRights.World, "null", static _ => ProxmoxAnswer.Nothing),
        SimulatedRoute.Of(
            "POST", "/access/ticket", SimulatedRights.World, "object", static call => Login(call),
            Flag("new-format", "1"), Text("otp"), Text("password").Must(), Text("path") with { MaxLength = 64, Requires = "privs" }, Text("privs", "pve-priv-list") with { MaxLength = 64, Requires = "path" },
            Text("realm", "pve-realm") with { MaxLength = 32 }, Text("tfa-challenge"), Text("username").Must() with { MaxLength = 64 }) with { AllowsToken = false },
        SimulatedRoute.Of(
            "PUT", "/access/password", SimulatedRights.Or(SimulatedRights.Self, SimulatedRights.And(SimulatedRights.OfUsersRealm("Realm.AllocateUser"), SimulatedRights.OnUsersGroups("User.Modify"))), "null",
            static call => ChangePassword(call),
            Text("confirmation-password") with { MinLength = 5, MaxLength = 64 }, Text("password").Must() with { MinLength = 8, MaxLength = 64 }, Text("userid", "pve-userid").Must() with { MaxLength = 64 })
            with { AllowsToken = false },
        // Consoles are not simulated, so no console's ticket is ever right.
        SimulatedRoute.Of(
            "POST", "/access/vncticket", SimulatedRights.World, "null", static _ => throw Refused(),
            Text("authid").Must() with { MaxLength = 64 }, Text("path").Must() with { MaxLength = 64 }, Whole("port"), Text("privs", "pve-priv-list").Must() with { MaxLength = 64 }, Text("vncticket").Must()),
    ];

    private static ProxmoxAnswer Login(ProxmoxCall call)
    {
        var name = call.Required("username");
        if (call.Text("realm") is { } realm) name = $"{name}@{realm}";
        var cluster = call.Cluster;
        if (!cluster.Access.Users.TryGetValue(name, out var user) || !user.Enabled) throw Refused();
        var password = call.Required("password");
        if (call.Text("tfa-challenge") is { } challenge)
        {
            if (!cluster.Tickets.IsChallengeOf(name, challenge) || user.TotpSecret is not { } secret || password.Split(':', 2) is not ["totp", var code] || !Totp.Fits(secret, code, cluster.Time.GetUtcNow())) throw Refused();
            return Session(call, user, cluster.Tickets.Issue(name));
        }

        // A ticket that still counts is a password for a new one, and asks for no second factor again.
        if (cluster.Tickets.User(password) == name) return Session(call, user, cluster.Tickets.Issue(name));
        if (user.Password is null || user.Password != password) throw Refused();
        if (user.TotpSecret is null) return Session(call, user, cluster.Tickets.Issue(name));
        return new JsonObject { ["username"] = name, ["NeedTFA"] = 1, ["ticket"] = cluster.Tickets.Challenge(name), ["CSRFPreventionToken"] = cluster.Tickets.Csrf(name), ["cap"] = Capabilities(cluster.Access, name) };
    }

    private static JsonObject Session(ProxmoxCall call, SimulatedUser user, string ticket)
    {
        var session = new JsonObject
        {
            ["username"] = user.Id,
            ["ticket"] = ticket,
            ["CSRFPreventionToken"] = call.Cluster.Tickets.Csrf(user.Id),
            ["cap"] = Capabilities(call.Cluster.Access, user.Id),
        };
        return call.Cluster.Nodes.Count > 1 ? session.With("clustername", call.Cluster.Options.ClusterName) : session;
    }

    // What a user interface may show: rights anywhere below, by what they are about.
    private static JsonObject Capabilities(SimulatedAccess access, string user)
    {
        var found = new JsonObject
        {
            ["access"] = new JsonObject(), ["dc"] = new JsonObject(), ["mapping"] = new JsonObject(), ["nodes"] = new JsonObject(), ["sdn"] = new JsonObject(), ["storage"] = new JsonObject(), ["vms"] = new JsonObject(),
        };
        var places = access.Acls.Select(static a => a.Path).Append("/").Distinct(StringComparer.Ordinal);
        foreach (var privilege in places.SelectMany(p => access.Effective(user, p).Keys).Distinct(StringComparer.Ordinal))
        {
            foreach (var topic in Topics(privilege)) found[topic]![privilege] = 1;
        }

        return found;
    }

    private static string[] Topics(string privilege) => privilege switch
    {
        "Permissions.Modify" => ["access", "mapping", "nodes", "sdn", "storage", "vms"],
        "User.Modify" or "Group.Allocate" => ["access"],
        "Sys.Audit" or "Sys.Modify" => ["dc", "nodes"],
        "SDN.Use" or "SDN.Audit" or "SDN.Allocate" => ["dc", "sdn"],
        _ when privilege.StartsWith("Sys.", StringComparison.Ordinal) => ["nodes"],
        _ when privilege.StartsWith("VM.", StringComparison.Ordinal) => ["vms"],
        _ when privilege.StartsWith("Datastore.", StringComparison.Ordinal) => ["storage"],
        _ when privilege.StartsWith("Mapping.", StringComparison.Ordinal) => ["mapping"],
        _ => [],
    };

    private static ProxmoxAnswer ChangePassword(ProxmoxCall call)
    {
        var user = call.Cluster.Access.User(call.Required("userid"));
        var own = call.Cluster.Access.Users[call.User];
        if (own.Password is not null && call.Text("confirmation-password") != own.Password) throw ProxmoxRefusedException.With(401, Failure);
        user.Password = call.Required("password");
        return ProxmoxAnswer.Nothing;
    }

    private static ProxmoxRefusedException Refused() => ProxmoxRefusedException.With(401, Failure);
}
