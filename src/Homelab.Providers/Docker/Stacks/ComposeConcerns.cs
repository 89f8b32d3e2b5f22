using System.Text.Json.Nodes;

namespace Homelab.Providers.Docker;

/// <summary>
/// What a service may do to its host, or read of it, besides running. A value that only compose can work out, such as one with a variable, counts as the worst that it could be.
/// </summary>
internal static class ComposeConcerns
{
    // Each makes the service share something of its host.
    private static readonly (string Field, string Means)[] s_shared =
    [
        ("network_mode", "is in the network of its host"), ("pid", "sees the processes of its host"), ("ipc", "shares the memory of its host"), ("uts", "shares the name of its host"),
        ("userns_mode", "shares the accounts of its host"), ("cgroup", "shares the control groups of its host"),
    ];

    // What has no harmless value.
    private static readonly (string Field, string Means)[] s_given =
    [
        ("devices", "gets devices of its host"), ("device_cgroup_rules", "gets devices of its host"), ("cap_add", "gets capabilities"), ("security_opt", "changes what confines it"),
        ("cgroup_parent", "chooses its control group"), ("build", "is built from a folder or address"), ("provider", "runs a program on its host"), ("use_api_socket", "may command Docker, which is root on its host"),
        ("volumes_from", "has the volumes of another container"), ("runtime", "chooses its runtime"), ("sysctls", "sets parameters of the kernel"),
    ];

    private static readonly string[] s_sockets = ["docker.sock", "podman.sock", "containerd.sock", "crio.sock"];

    /// <summary>Those of one service.</summary>
    internal static IEnumerable<string> Of(string name, JsonObject service)
    {
        if (IsOn(service["privileged"])) yield return $"{name} runs privileged, which is root on its host";
        foreach (var (field, means) in s_shared)
        {
            if (ComposeReading.Text(service[field]) is { } value && (value == "host" || IsOpen(value))) yield return $"{name} {means}";
        }

        foreach (var (field, means) in s_given)
        {
            if (IsGiven(service[field])) yield return $"{name} {means}{Values(service[field])}";
        }

        foreach (var mount in Items(service["volumes"]).Select(Source).OfType<string>()) yield return Mount(name, mount);
        foreach (var hook in Items(service["post_start"]).Concat(Items(service["pre_stop"])).OfType<JsonObject>())
        {
            if (IsOn(hook["privileged"])) yield return $"{name} runs privileged at its start or end";
        }

        var files = Items(service["env_file"]).Select(static f => f is JsonObject entry ? ComposeReading.Text(entry["path"]) : ComposeReading.Text(f))
            .Append(service["extends"] is JsonObject extends ? ComposeReading.Text(extends["file"]) : "");
        foreach (var file in files.Where(IsOutside)) yield return $"{name} reads {ComposeReading.Shown(file)} of its host";
    }

    /// <summary>Those of a file as a whole.</summary>
    internal static IEnumerable<string> OfFile(JsonObject file)
    {
        foreach (var included in Items(file["include"]).SelectMany(static i => i is JsonObject entry ? Items(entry["path"]) : [i]).Select(ComposeReading.Text))
        {
            yield return $"it takes more from {ComposeReading.Shown(included)}, which is not looked at here";
        }

        foreach (var (name, volume) in ComposeReading.Mapping(file["volumes"]))
        {
            // A folder of the host by another name.
            var device = ComposeReading.Text(ComposeReading.Mapping(ComposeReading.Mapping(volume)["driver_opts"])["device"]);
            if (device.Length > 0) yield return $"volume {ComposeReading.Shown(name)} is {ComposeReading.Shown(device)}";
        }

        foreach (var section in (string[])["secrets", "configs"])
        {
            foreach (var (name, entry) in ComposeReading.Mapping(file[section]))
            {
                var from = ComposeReading.Text(ComposeReading.Mapping(entry)["file"]);
                if (IsOutside(from)) yield return $"{ComposeReading.Shown(name)} of its {section} is {ComposeReading.Shown(from)} of its host";
            }
        }
    }

    private static string Mount(string name, string source)
    {
        if (source.TrimEnd('/').Length == 0) return $"{name} has the whole disk of its host";
        return s_sockets.Any(s => source.EndsWith(s, StringComparison.Ordinal)) ? $"{name} may command Docker, which is root on its host ({ComposeReading.Shown(source)})" : $"{name} has {ComposeReading.Shown(source)} of its host";
    }

    // /data:/inside, or a mapping with type and source. What begins neither with a mark nor a slash is a volume's name; what lies in the stack's own folder is its own.
    private static string? Source(JsonNode? mount)
    {
        if (mount is JsonObject entry) return ComposeReading.Text(entry["type"]) is "volume" or "tmpfs" or "image" or "cluster" && !IsOpen(ComposeReading.Text(entry["source"])) ? null : Own(ComposeReading.Text(entry["source"]));
        var text = ComposeReading.Text(mount);
        // A variable may hold the colon.
        return text.Contains(':', StringComparison.Ordinal) && !text.StartsWith('$') ? Own(text.Split(':')[0]) : IsOpen(text) ? text : null;

        static string? Own(string source) => IsOutside(source) ? source : null;
    }

    private static bool IsOutside(string path) => path.Length > 0 && (path[0] is '/' or '~' || IsOpen(path) || path.Split('/', '\\').Contains("..", StringComparer.Ordinal));

    private static bool IsOpen(string value) => value.Contains('$', StringComparison.Ordinal);

    private static bool IsOn(JsonNode? node) => ComposeReading.Text(node) is { Length: > 0 } value && !value.Equals("false", StringComparison.OrdinalIgnoreCase) && !value.Equals("no", StringComparison.OrdinalIgnoreCase) && !value.Equals("off", StringComparison.OrdinalIgnoreCase);

    private static bool IsGiven(JsonNode? node) => node switch
    {
        JsonArray list => list.Count > 0,
        JsonObject mapping => mapping.Count > 0,
        _ => IsOn(node),
    };

    private static string Values(JsonNode? node) => node is JsonArray list ? $" ({ComposeReading.Shown(string.Join(", ", list.Select(ComposeReading.Text).Where(static t => t.Length > 0)))})" : "";

    private static IEnumerable<JsonNode?> Items(JsonNode? node)
    {
        if (node is JsonArray list) return list;
        return node is null ? [] : Enumerable.Repeat<JsonNode?>(node, 1);
    }
}
