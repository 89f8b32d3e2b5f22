namespace Homelab.Providers.Docker;

/// <summary>Containers as the gate's targets.</summary>
internal static class ContainerTarget
{
    private const string Kind = "container";

    internal static Target Of(ContainerRef container) => new(Kind, container.Name, container.Host);

    /// <summary>A change of a container with its name made canonical, its mark, and its ids as other names.</summary>
    internal static Prepared<TInput> Prepare<TInput>(ContainerDetail container, TInput canonical) => new(canonical, ContainerMark.Of(container).ToString())
    {
        Aliases = [container.Id, container.Id[..Math.Min(DockerEngines.ShortIdLength, container.Id.Length)]],
    };
}
