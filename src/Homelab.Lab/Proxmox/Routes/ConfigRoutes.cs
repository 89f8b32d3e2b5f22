using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>What is set for the cluster and for a node: <c>datacenter.cfg</c> and a node's <c>config</c>.</summary>
internal static class ConfigRoutes
{
    private const string Tags = @"(?:(?^i:[a-z0-9_][a-z0-9_\-\+\.]*);)*(?^i:[a-z0-9_][a-z0-9_\-\+\.]*)";

    private static readonly string[] s_numbers = ["max_workers", "ballooning-target", "startall-onboot-delay"];

    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of("GET", "/cluster/options", SimulatedRights.Everybody, "object", static call => ClusterOptions(call)),
        SimulatedRoute.Of("PUT", "/cluster/options", SimulatedRights.On("/", "Sys.Modify"), "null", static call => Change(call, call.Cluster.ClusterConfig), ClusterParameters()),
        SimulatedRoute.Of(
            "GET", "/nodes/{node}/config", SimulatedRights.On("/", "Sys.Audit"), "object", static call => NodeConfig(call),
            Choice("property", "acme", "acmedomain0", "acmedomain1", "acmedomain2", "acmedomain3", "acmedomain4", "acmedomain5", "ballooning-target", "description", "startall-onboot-delay", "wakeonlan") with { Default = "all" }),
        SimulatedRoute.Of(
            "PUT", "/nodes/{node}/config", SimulatedRights.On("/", "Sys.Modify"), "null", static call => Change(call, call.Node.Config),
            Text("acme"), Text("acmedomain[n]"), Whole("ballooning-target", 0, 100, @default: "80"), Text("delete", "pve-configid-list"), Text("description") with { MaxLength = 65536 }, Text("digest") with { MaxLength = 40 },
            Whole("startall-onboot-delay", 0, 300, @default: "0"), Text("wakeonlan")),
    ];

    private static IReadOnlyList<SimulatedParameter> ClusterParameters() =>
    [
        Text("bwlimit"), Text("consent-text") with { MaxLength = 65536 }, Choice("console", "applet", "vv", "html5", "xtermjs"), Text("crs"), Text("delete", "pve-configid-list"), Text("description") with { MaxLength = 65536 },
        Text("email_from", "email-opt"), Choice("fencing", "watchdog", "hardware", "both") with { Default = "watchdog" }, Text("ha"), Matching("http_proxy", "http://.*"),
        Choice("keyboard", "de", "de-ch", "da", "en-gb", "en-us", "es", "fi", "fr", "fr-be", "fr-ca", "fr-ch", "hu", "is", "it", "ja", "lt", "mk", "nl", "no", "pl", "pt", "pt-br", "sv", "sl", "tr"),
        Choice("language", "ar", "ca", "da", "de", "en", "es", "eu", "fa", "fr", "hr", "he", "it", "ja", "ka", "kr", "nb", "nl", "nn", "pl", "pt_BR", "ru", "sl", "sv", "tr", "ukr", "zh_CN", "zh_TW"),
        Text("mac_prefix", "mac-prefix", @default: "BC:24:11"), Whole("max_workers", 1), Text("migration"), Flag("migration_unsecure"), Text("next-id"), Text("notify"), Matching("registered-tags", Tags), Text("replication"),
        Text("tag-style"), Text("u2f"), Text("user-tag-access"), Text("webauthn"),
    ];

    private static ProxmoxAnswer ClusterOptions(ProxmoxCall call)
    {
        var answer = Entry(call.Cluster.ClusterConfig);
        answer.TryAdd("mac_prefix", "BC:24:11");
        answer.TryAdd("description", "");
        answer["allowed-tags"] = Json.Texts(call.Cluster.Guests.SelectMany(static g => (g.Text("tags") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return answer;
    }

    private static ProxmoxAnswer NodeConfig(ProxmoxCall call)
    {
        var answer = Entry(call.Node.Config);
        if (call.Text("property") is { } asked) return answer.ContainsKey(asked) ? new JsonObject { [asked] = answer[asked]!.DeepClone() } : new JsonObject();
        if (answer.Count > 0) answer["digest"] = Digest(call.Node.Config);
        return answer;
    }

    private static JsonObject Entry(Dictionary<string, string> config) => new(config.Select(static c =>
        KeyValuePair.Create(c.Key, s_numbers.Contains(c.Key, StringComparer.Ordinal) ? JsonValue.Create(long.Parse(c.Value, System.Globalization.CultureInfo.InvariantCulture)) : (JsonNode?)c.Value)));

    private static string Digest(Dictionary<string, string> config) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', config.OrderBy(static c => c.Key, StringComparer.Ordinal).Select(static c => c.Key + c.Value)))))[..40];

    private static ProxmoxAnswer Change(ProxmoxCall call, Dictionary<string, string> config)
    {
        if (call.Text("digest") is { } digest && digest != Digest(config)) throw ProxmoxRefusedException.Failed("detected modified configuration - file changed by other user? Try again.");
        foreach (var name in call.Values.Keys.Where(static k => k is not ("node" or "delete" or "digest")))
        {
            // A description is kept as comment lines, and so ends with a line's end.
            config[name] = name is "description" ? call.Required(name).TrimEnd('\n') + "\n" : call.Required(name);
        }

        foreach (var name in call.List("delete")) config.Remove(name);
        return ProxmoxAnswer.Nothing;
    }
}
