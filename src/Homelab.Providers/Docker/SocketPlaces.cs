using System.Text.Json;

namespace Homelab.Providers.Docker;

/// <summary>Where engines of this machine usually listen, and where the Docker CLI was told that they do. Reads variables and files only.</summary>
internal static class SocketPlaces
{
    // The CLI's own files are a few hundred bytes.
    private const int LargestFile = 1 << 20;

    /// <summary>Address and where it was found, the likeliest first, each address once.</summary>
    internal static IReadOnlyList<(string Endpoint, string FoundIn)> Of(SocketSurroundings surroundings)
    {
        var places = new List<(string Endpoint, string FoundIn)>();
        if (surroundings.Variable("DOCKER_HOST") is { Length: > 0 } host) Add(host.Trim(), "DOCKER_HOST");
        foreach (var (endpoint, foundIn) in OfContexts(surroundings)) Add(endpoint, foundIn);
        if (surroundings.Windows)
        {
            Add("npipe:////./pipe/docker_engine", "Docker Desktop");
            return places;
        }

        AddFile(surroundings.InRoot("var/run/docker.sock"), "default");
        if (surroundings.Variable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime)
        {
            AddFile(Path.Combine(runtime, "docker.sock"), "rootless Docker");
            AddFile(Path.Combine(runtime, "podman", "podman.sock"), "Podman");
        }

        AddFile(surroundings.InRoot("run/podman/podman.sock"), "Podman of root");
        AddFile(Path.Combine(surroundings.Home, ".docker", "run", "docker.sock"), "Docker Desktop");
        AddFile(Path.Combine(surroundings.Home, ".colima", "default", "docker.sock"), "Colima");
        return places;

        void Add(string endpoint, string foundIn)
        {
            if (!places.Exists(p => string.Equals(p.Endpoint, endpoint, StringComparison.Ordinal))) places.Add((endpoint, foundIn));
        }

        // What is usual but not there is no find; what somebody wrote down is one, there or not.
        void AddFile(string path, string foundIn)
        {
            if (File.Exists(path)) Add("unix://" + path, foundIn);
        }
    }

    // The current context first. "default" is no file: it means DOCKER_HOST, or the usual socket.
    private static List<(string Endpoint, string FoundIn)> OfContexts(SocketSurroundings surroundings)
    {
        var folder = surroundings.Variable("DOCKER_CONFIG") is { Length: > 0 } given ? given : Path.Combine(surroundings.Home, ".docker");
        var current = surroundings.Variable("DOCKER_CONTEXT") is { Length: > 0 } chosen ? chosen : Read(Path.Combine(folder, "config.json"), static root => Text(root, "currentContext"));
        var contexts = new List<(string Name, string Endpoint)>();
        foreach (var meta in MetaFiles(Path.Combine(folder, "contexts", "meta")))
        {
            var name = Read(meta, static root => Text(root, "Name"));
            var host = Read(meta, static root => root.TryGetProperty("Endpoints", out var e) && e.ValueKind == JsonValueKind.Object && e.TryGetProperty("docker", out var d) ? Text(d, "Host") : null);
            if (name is { Length: > 0 } && host is { Length: > 0 }) contexts.Add((name, host));
        }

        return
        [
            .. contexts.OrderByDescending(c => string.Equals(c.Name, current, StringComparison.Ordinal)).ThenBy(static c => c.Name, StringComparer.Ordinal)
                .Select(c => (c.Endpoint, $"{(string.Equals(c.Name, current, StringComparison.Ordinal) ? "current context" : "context")} '{ForeignText.Clean(c.Name, 60)}'")),
        ];
    }

    private static IEnumerable<string> MetaFiles(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? [.. Directory.EnumerateDirectories(folder).Select(static d => Path.Combine(d, "meta.json")).Order(StringComparer.Ordinal)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not ours to read: then it says nothing about where we could connect.
            return [];
        }
    }

    private static string? Read(string path, Func<JsonElement, string?> find)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists || file.Length > LargestFile) return null;
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return json.RootElement.ValueKind == JsonValueKind.Object ? find(json.RootElement) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            // A file of the CLI that it could not use either.
            return null;
        }
    }

    private static string? Text(JsonElement parent, string field) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()?.Trim() : null;
}

/// <summary>Where to look for sockets.</summary>
/// <param name="Variable">Reads an environment variable; null when it is not set.</param>
/// <param name="Home">The account's own folder.</param>
/// <param name="Root">The root of the file system.</param>
/// <param name="Windows">True where engines listen on named pipes.</param>
public sealed record SocketSurroundings(Func<string, string?> Variable, string Home, string Root, bool Windows)
{
    /// <summary>Those of this process.</summary>
    public static SocketSurroundings Ours { get; } = new(
        Environment.GetEnvironmentVariable,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        "/",
        OperatingSystem.IsWindows());

    internal string InRoot(string path) => Path.Combine(Root, path);
}
