using System.ComponentModel;

namespace Homelab.Providers.Docker;

/// <summary>The lab file's <c>providers.docker</c>. Where the engines are stands with the hosts.</summary>
public sealed record DockerSettings
{
    /// <summary>Listens to the engines' own events.</summary>
    [Description("True to take the engines' own events as alerts: a container becomes unhealthy, dies unasked, or runs out of memory.")]
    public bool Watch { get; init; }
}
