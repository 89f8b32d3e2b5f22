using System.Text.Json.Nodes;

namespace Homelab.Providers.Docker;

/// <summary>What a container was made from, put together again from what its engine knows of it, so that another one can be made that is the same.</summary>
/// <param name="Body">As <c>POST /containers/create</c> takes it.</param>
/// <param name="Further">The networks besides that of the body, and how it is known in each.</param>
internal sealed record ContainerBlueprint(JsonObject Body, IReadOnlyList<(string Network, JsonObject Endpoint)> Further)
{
    // What an engine knows of a container in a network that is a wish, and not what came of it.
    private static readonly string[] s_wishes = ["IPAMConfig", "Links", "DriverOpts", "GwPriority"];
    private static readonly string[] s_builtIn = ["bridge", "host", "none"];

    /// <summary>The image's name, as it was given when the container was made.</summary>
    internal string ImageName => Text(Body["Image"]);

    /// <summary>Why another one of it cannot be made faithfully; null when it can.</summary>
    internal static string? WhyNot(JsonObject seen, ContainerDetail container)
    {
        var host = Part(seen, "HostConfig");
        if (host["AutoRemove"]?.GetValue<bool>() is true) return "its engine removes it as soon as it stops (--rm), so that it could not be put back";
        if (Text(host["NetworkMode"]).StartsWith("container:", StringComparison.Ordinal)) return "it lives in the network of another container";
        if (container.Labels.Keys.Any(static l => l.StartsWith("com.docker.swarm.", StringComparison.Ordinal))) return "swarm makes and removes it";
        if (container.State is ContainerState.Paused) return "it is paused";
        if (container.State is ContainerState.Removing or ContainerState.Dead or ContainerState.Unknown) return $"it is {container.State.ToString().ToLowerInvariant()}";
        if (Networks(seen).Count > 0 && Primary(seen) is null) return "it was taken out of the network that it was made for";
        return seen["Mounts"]?.AsArray().Any(static m => Text(m?["Type"]) == "cluster") is true ? "it uses a volume of a cluster" : null;
    }

    internal static ContainerBlueprint Of(JsonObject seen)
    {
        var id = Text(seen["Id"]);
        var body = (JsonObject)Part(seen, "Config").DeepClone();
        var host = (JsonObject)Part(seen, "HostConfig").DeepClone();
        // The engine's own choice, which is the beginning of the id.
        if (Text(body["Hostname"]) is { Length: > 0 } name && id.StartsWith(name, StringComparison.Ordinal)) body.Remove("Hostname");
        if (Text(host["UTSMode"]) == "host")
        {
            body.Remove("Hostname");
            body.Remove("Domainname");
        }

        KeepVolumes(host, seen["Mounts"]?.AsArray() ?? []);
        body["HostConfig"] = host;
        var networks = Networks(seen).ToDictionary(static n => n.Key, n => Endpoint(n.Value as JsonObject ?? [], id), StringComparer.Ordinal);
        if (Primary(seen) is { } primary && networks.Remove(primary, out var endpoint) && !s_builtIn.Contains(primary, StringComparer.Ordinal))
        {
            body["NetworkingConfig"] = new JsonObject { ["EndpointsConfig"] = new JsonObject { [primary] = endpoint } };
        }

        return new ContainerBlueprint(body, [.. networks.Select(static n => (n.Key, n.Value))]);
    }

    // A volume without a name is found again by the one that the engine gave it. Left out, the new container would get another one, and an empty one.
    private static void KeepVolumes(JsonObject host, JsonArray mounts)
    {
        var volumes = mounts.OfType<JsonObject>().Where(static m => Text(m["Type"]) == "volume" && Text(m["Name"]).Length > 0).ToDictionary(static m => Place(Text(m["Destination"])), StringComparer.Ordinal);
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var bind in host["Binds"]?.AsArray().Select(Text) ?? []) told.Add(Place(bind.Split(':') is [_, var inside, ..] ? inside : bind));
        foreach (var mount in host["Mounts"]?.AsArray().OfType<JsonObject>() ?? [])
        {
            var inside = Place(Text(mount["Target"]));
            told.Add(inside);
            if (Text(mount["Type"]) == "volume" && Text(mount["Source"]).Length == 0 && volumes.TryGetValue(inside, out var known)) mount["Source"] = Text(known["Name"]);
        }

        var binds = host["Binds"]?.AsArray().Select(static b => b?.DeepClone()).ToList() ?? [];
        foreach (var (inside, volume) in volumes.Where(v => !told.Contains(v.Key)))
        {
            // One that somebody has emptied stays empty.
            binds.Add($"{Text(volume["Name"])}:{inside}:{(volume["RW"]?.GetValue<bool>() is false ? "ro" : "rw")},nocopy");
        }

        if (binds.Count > 0) host["Binds"] = new JsonArray([.. binds]);
    }

    private static JsonObject Endpoint(JsonObject seen, string id)
    {
        var endpoint = new JsonObject();
        foreach (var wish in s_wishes)
        {
            if (seen[wish] is { } value) endpoint[wish] = value.DeepClone();
        }

        // Engines before 25 put the beginning of the id among them by themselves.
        var aliases = seen["Aliases"]?.AsArray().Select(Text).Where(a => a.Length > 0 && !(a.Length >= DockerEngines.ShortIdLength && id.StartsWith(a, StringComparison.Ordinal))).ToArray() ?? [];
        if (aliases.Length > 0) endpoint["Aliases"] = new JsonArray([.. aliases.Select(static a => (JsonNode)a)]);
        return endpoint;
    }

    private static string? Primary(JsonObject seen)
    {
        var mode = Text(Part(seen, "HostConfig")["NetworkMode"]);
        var networks = Networks(seen);
        if (mode is "" or "default") return networks.Select(static n => n.Key).FirstOrDefault(static n => s_builtIn.Contains(n, StringComparer.Ordinal));
        return networks.ContainsKey(mode) ? mode : networks.Where(n => Text(n.Value?["NetworkID"]) == mode).Select(static n => n.Key).FirstOrDefault();
    }

    private static JsonObject Networks(JsonObject seen) => seen["NetworkSettings"]?["Networks"] as JsonObject ?? [];

    private static JsonObject Part(JsonObject seen, string name) => seen[name] as JsonObject ?? [];

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static string Place(string path) => path.Length > 1 ? path.TrimEnd('/') : path;
}
