using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Homelab.Lab.Docker;

/// <summary>What a simulated container was made from, read as the engine reads a wish to make one.</summary>
/// <param name="Config">Fields of its configuration that were given.</param>
/// <param name="Host">Fields of its host's configuration that were given.</param>
/// <param name="Networks">The networks it is in, and how it is known there.</param>
/// <param name="Mounts">What is mounted, volumes without a name among it.</param>
internal sealed record EngineMake(JsonObject Config, JsonObject Host, JsonObject Networks, JsonArray Mounts)
{
    internal string NetworkMode => Host[nameof(NetworkMode)]?.GetValue<string>() ?? "bridge";

    internal static EngineMake Read(SimulatedContainerSpec spec, string id)
    {
        var config = JsonNode.Parse(spec.Settings)!.AsObject();
        var host = Take(config, "HostConfig");
        var given = Take(Take(config, "NetworkingConfig"), "EndpointsConfig");
        var made = new EngineMake(config, host, [], Read(config, host, id));
        if (!made.NetworkMode.Contains(':', StringComparison.Ordinal)) given.TryAdd(made.NetworkMode is "default" ? "bridge" : made.NetworkMode, new JsonObject());
        foreach (var (network, endpoint) in given) made.Connect(network, endpoint as JsonObject ?? [], id);
        return made;
    }

    /// <summary>As engine 20.10 does it: the beginning of the id is one of its names there.</summary>
    internal void Connect(string network, JsonObject endpoint, string id)
    {
        var known = (JsonObject)endpoint.DeepClone();
        known["NetworkID"] = Hash("network " + network);
        if (network is not ("bridge" or "host" or "none"))
        {
            var aliases = known["Aliases"]?.AsArray().Select(static a => a!.GetValue<string>()).ToList() ?? [];
            known["Aliases"] = new JsonArray([.. aliases.Append(id[..12]).Select(static a => (JsonNode)a)]);
        }

        Networks[network] = known;
    }

    private static JsonArray Read(JsonObject config, JsonObject host, string id)
    {
        var mounts = new JsonArray();
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var bind in host["Binds"]?.AsArray().Select(static b => b!.GetValue<string>()) ?? [])
        {
            var parts = bind.Split(':');
            Add(parts[0].StartsWith('/') ? "bind" : "volume", parts[0], parts[1], parts.ElementAtOrDefault(2)?.Split(',').Contains("ro") is not true);
        }

        foreach (var mount in host[nameof(Mounts)]?.AsArray().OfType<JsonObject>() ?? [])
        {
            var inside = mount["Target"]!.GetValue<string>();
            Add(mount["Type"]!.GetValue<string>(), mount["Source"]?.GetValue<string>() ?? Hash($"volume {id} {inside}"), inside, mount["ReadOnly"]?.GetValue<bool>() is not true);
        }

        foreach (var (inside, _) in config["Volumes"] as JsonObject ?? [])
        {
            if (!told.Contains(inside)) Add("volume", Hash($"volume {id} {inside}"), inside, writable: true);
        }

        return mounts;

        void Add(string type, string source, string inside, bool writable)
        {
            told.Add(inside);
            var mount = new JsonObject { ["Type"] = type, ["Destination"] = inside, ["Mode"] = "", ["RW"] = writable, ["Propagation"] = "" };
            if (type == "volume") mount["Name"] = source;
            mount["Source"] = type == "volume" ? $"/var/lib/docker/volumes/{source}/_data" : source;
            mounts.Add((JsonNode)mount);
        }
    }

    private static JsonObject Take(JsonObject from, string name)
    {
        var part = from[name] as JsonObject;
        from.Remove(name);
        return part ?? [];
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
