namespace Homelab.Providers.Docker;

/// <summary>Containers as the gate's targets.</summary>
internal static class ContainerTarget
{
    private const string Kind = "container";

    internal static Target Of(ContainerRef container) => new(Kind, container.Name, container.Host);

    /// <summary>A change of a container with its name made canonical, its mark, and its ids as other names.</summary>
    internal static Prepared<TInput> Prepare<TInput>(ContainerDetail container, TInput canonical) => new(canonical, ContainerMark.Of(container).ToString())
    {
        World = World(container),
        Aliases = Aliases(container.Id),
    };

    // Between two starts that the engine makes by itself a container is as it was: only another container, or one that somebody stopped or started, is another.
    private static string World(ContainerDetail container) =>
        $"container {container.Id[..Math.Min(DockerEngines.ShortIdLength, container.Id.Length)]}, {HomelabNames.Of(container.State == ContainerState.Restarting ? ContainerState.Running : container.State)}";

    /// <summary>The id, and its beginning as people write it.</summary>
    internal static IReadOnlyList<string> Aliases(string id) => [id, id[..Math.Min(DockerEngines.ShortIdLength, id.Length)]];

    /// <summary>Says, where a container was not seen by the API, how it was.</summary>
    internal static void TellWay(OperationContext context, Container container)
    {
        if (container.Via is EngineWay.Ssh) context.Report($"Asking Docker on {container.Host}", "its API does not answer; the docker program there was asked by SSH");
    }
}
