using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Providers.Docker;

/// <summary>The lab file's <c>providers.docker</c>. Where the engines are stands with the hosts.</summary>
public sealed record DockerSettings
{
    /// <summary>Listens to the engines' own events.</summary>
    [Description("True to take the engines' own events as alerts: a container becomes unhealthy, dies unasked, or runs out of memory.")]
    public bool Watch { get; init; }

    /// <summary>Stacks of Docker Compose, each where it is.</summary>
    [Description("Stacks of Docker Compose, by name: each with its host and its folder there.")]
    public IReadOnlyDictionary<string, StackDefinition> Stacks { get; init; } = new Dictionary<string, StackDefinition>(StringComparer.Ordinal);

    /// <summary>Folders whose folders are stacks.</summary>
    [Description("Folders whose folders are stacks, by host, such as dev: /opt/stacks. A stack has the name of its folder.")]
    public IReadOnlyDictionary<string, string> StackFolders { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>Where a stack is.</summary>
public sealed record StackDefinition
{
    /// <summary>Its host.</summary>
    [Description("The host of this file that it is on.")]
    public required string Host { get; init; }

    /// <summary>Its folder.</summary>
    [RegularExpression("/.*")]
    [Description("The folder there that holds its compose file, such as /opt/stacks/media.")]
    public required string Folder { get; init; }
}
