using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>Users and their tokens.</summary>
internal static class UserRoutes
{
    private static readonly SimulatedRights s_selfOrModify = SimulatedRights.Or(SimulatedRights.Self, SimulatedRights.OnUsersGroups("User.Modify"));

    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of("GET", "/access/users", SimulatedRights.Everybody, "array", static call => List(call), Flag("enabled"), Flag("full", "0")),
        SimulatedRoute.Of("GET", "/access/users/{userid}", SimulatedRights.OnUsersGroups("User.Modify", "Sys.Audit"), "object", static call => Describe(call)),
        SimulatedRoute.Of("GET", "/access/users/{userid}/token", s_selfOrModify, "array", static call => Json.List(User(call).Tokens.Select(static t => Entry(t.Value).With("tokenid", t.Key)))),
        SimulatedRoute.Of("GET", "/access/users/{userid}/token/{tokenid}", s_selfOrModify, "object", static call => Entry(Token(call))),
        SimulatedRoute.Of(
            "POST", "/access/users/{userid}/token/{tokenid}", s_selfOrModify, "object", static call => AddToken(call),
            Text("comment"), Whole("expire", 0, @default: "same as user"), Flag("privsep", "1")),
        SimulatedRoute.Of("DELETE", "/access/users/{userid}/token/{tokenid}", s_selfOrModify, "null", static call => RemoveToken(call)),
    ];

    private static SimulatedUser User(ProxmoxCall call) => call.Cluster.Access.User(call.Required("userid"));

    private static SimulatedToken Token(ProxmoxCall call)
    {
        var user = User(call);
        var name = call.Required("tokenid");
        return user.Tokens.TryGetValue(name, out var token) ? token : throw ProxmoxRefusedException.Failed($"no such token '{name}' for user '{user.Id}'");
    }

    private static ProxmoxAnswer List(ProxmoxCall call) => Json.List(call.Cluster.Access.Users.Values
        .Where(u => !call.Has("enabled") || u.Enabled == call.Flag("enabled"))
        .Where(u => u.Id == call.User || call.MayAny("/access/groups", "User.Modify", "Sys.Audit"))
        .Select(u => Entry(u).With("userid", u.Id).With("realm-type", u.Id.Split('@')[^1])
            .With("groups", call.Flag("full") ? string.Join(',', u.Groups) : null)
            .With("tokens", call.Flag("full") ? Json.List(u.Tokens.Select(static t => Entry(t.Value).With("tokenid", t.Key))) : null)));

    private static ProxmoxAnswer Describe(ProxmoxCall call)
    {
        var user = User(call);
        return Entry(user).With("groups", Json.Texts(user.Groups)).With("tokens", new JsonObject(user.Tokens.Select(static t => KeyValuePair.Create(t.Key, (JsonNode?)Entry(t.Value)))));
    }

    private static JsonObject Entry(SimulatedUser user) =>
        new JsonObject { ["enable"] = Json.Bit(user.Enabled), ["expire"] = user.Expires }.With("comment", user.Comment).With("email", user.Email);

    private static JsonObject Entry(SimulatedToken token) => new JsonObject { ["privsep"] = Json.Bit(token.Separated), ["expire"] = token.Expires }.With("comment", token.Comment);

    private static ProxmoxAnswer AddToken(ProxmoxCall call)
    {
        var user = User(call);
        var name = call.Required("tokenid");
        if (user.Tokens.ContainsKey(name)) throw ProxmoxRefusedException.Parameter("tokenid", "Token already exists.");
        var token = new SimulatedToken(Guid.NewGuid().ToString(), call.Flag("privsep", otherwise: true)) { Comment = call.Text("comment"), Expires = call.Whole("expire") ?? user.Expires };
        user.Tokens[name] = token;
        call.Cluster.Access.Changed();
        return new JsonObject { ["full-tokenid"] = $"{user.Id}!{name}", ["info"] = Entry(token), ["value"] = token.Secret };
    }

    private static ProxmoxAnswer RemoveToken(ProxmoxCall call)
    {
        Token(call);
        call.Cluster.Revoke($"{User(call).Id}!{call.Required("tokenid")}");
        return ProxmoxAnswer.Nothing;
    }
}
