using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Homelab.Lab.Docker;

namespace Homelab.Lab.Hosts;

/// <summary>
/// The folders of stacks on a simulated host, and what compose does with them: its containers are those of the host's engine. Of a compose file only services and their images are read, as
/// they are written in plain lines.
/// </summary>
public sealed partial class SimulatedStacks
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, SortedDictionary<string, string>> _folders = new(StringComparer.Ordinal);

    /// <summary>What compose here says of its version.</summary>
    internal const string Compose = "plugin 2.39.1";

    /// <summary>Writes a file into a stack's folder, which is made where there is none.</summary>
    public void Write(string folder, string file, string text)
    {
        lock (_lock)
        {
            if (!_folders.TryGetValue(folder, out var files)) _folders.Add(folder, files = new SortedDictionary<string, string>(StringComparer.Ordinal));
            files[file] = text;
        }
    }

    /// <summary>What a file holds; null where there is none.</summary>
    public string? Read(string folder, string file)
    {
        lock (_lock) return _folders.GetValueOrDefault(folder)?.GetValueOrDefault(file);
    }

    /// <summary>The files of a folder, by name; null where there is no such folder.</summary>
    public IReadOnlyList<string>? Files(string folder)
    {
        lock (_lock) return _folders.GetValueOrDefault(folder)?.Keys.ToArray();
    }

    internal void Delete(string folder, string file)
    {
        lock (_lock) _folders.GetValueOrDefault(folder)?.Remove(file);
    }

    /// <summary>The services of a compose file and their images.</summary>
    internal static IReadOnlyDictionary<string, string> Services(string text)
    {
        var services = new Dictionary<string, string>(StringComparer.Ordinal);
        var (within, service) = (false, "");
        foreach (var line in text.Split('\n').Select(static l => l.TrimEnd()))
        {
            if (line.Length > 0 && line[0] is not (' ' or '#')) within = line == "services:";
            if (!within) continue;
            if (Service().Match(line) is { Success: true } named) services[service = named.Groups["name"].Value] = "busybox:1";
            else if (service.Length > 0 && Image().Match(line) is { Success: true } image) services[service] = image.Groups["name"].Value;
        }

        return services;
    }

    /// <summary>Makes what is missing of a project, and starts it.</summary>
    internal static void Up(SimulatedDockerEngine engine, string folder, string project, string text)
    {
        foreach (var (service, image) in Services(text))
        {
            var name = $"{project}-{service}-1";
            var there = engine.Containers.FirstOrDefault(c => c.Name == name);
            if (there?.Running is true && there.Spec.Image == image) continue;
            if (there is not null) Remove(engine, there);
            engine.Add(new SimulatedContainerSpec
            {
                Name = name,
                Image = image,
                Labels = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["com.docker.compose.project"] = project,
                    ["com.docker.compose.service"] = service,
                    ["com.docker.compose.project.working_dir"] = folder,
                },
            });
        }
    }

    /// <summary>Removes all of a project.</summary>
    internal static void Down(SimulatedDockerEngine engine, string project)
    {
        foreach (var container in engine.Containers.Where(c => c.Spec.Labels.GetValueOrDefault("com.docker.compose.project") == project)) Remove(engine, container);
    }

    internal static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static void Remove(SimulatedDockerEngine engine, SimulatedContainer container)
    {
        container.KillForRemoval();
        engine.Remove(container);
    }

    [GeneratedRegex("^  (?<name>[a-z0-9_-]+):", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Service();

    [GeneratedRegex("^ +image: *['\"]?(?<name>[^'\" ]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Image();
}
