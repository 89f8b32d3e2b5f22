using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Docker;

/// <summary>Measures what running containers use.</summary>
/// <remarks>Engine API: <c>GET /containers/{id}/stats?stream=0</c>. The CLI's <c>docker stats --no-stream</c>.</remarks>
[Operation("docker_container_stats", Level.Monitor, Risk.Read)]
[Description("Measures processor, memory, network and disk use of one running container, or of all. Takes one to two seconds.")]
[Example("Get-HlContainerUsage gitea@dev", "Measure one container.")]
[Example("Get-HlContainerUsage | Sort-Object MemoryUsed -Descending", "Find the largest of the lab.")]
public sealed class MeasureContainer(DockerEngines engines) : Query<MeasureContainer.Input, ContainerUsage>
{
    // Each measurement holds a connection for a second or two.
    private const int AtOnce = 16;
    private const int Samples = 3;

    /// <summary>What to measure.</summary>
    public sealed record Input
    {
        /// <summary>The container.</summary>
        [Subject, Description("The container: name, name@host, or id. All that run when not given.")]
        public ContainerRef? Container { get; init; }

        /// <summary>The host.</summary>
        [NameOf("host"), Description("Only containers of this host, as the lab file names it.")]
        public string? Host { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Measure containers", input.Container is null ? Target.Lab : ContainerTarget.Of(input.Container));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ContainerUsage> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (input.Container is not null)
        {
            yield return await MeasureAsync(Placed(input.Container, input.Host), cancellationToken).ConfigureAwait(false);
            yield break;
        }

        await foreach (var usage in SourceMerge.MergeAsync(engines.In(input.Host), static (e, c) => MeasureAllAsync(e, c), DockerErrors.Several, endless: false, cancellationToken).ConfigureAwait(false)) yield return usage;
    }

    private static ContainerRef Placed(ContainerRef container, string? host) => container.Host is null && host is not null ? new ContainerRef($"{container.Name}@{host}") : container;

    private async Task<ContainerUsage> MeasureAsync(ContainerRef container, CancellationToken cancellationToken)
    {
        var found = await engines.FindAsync(container, cancellationToken).ConfigureAwait(false);
        if (await SampleAsync(engines.On(found.Host), found, cancellationToken).ConfigureAwait(false) is { } usage) return usage;
        // The engine answers with zeros, which would read as a container that uses nothing.
        if (found.State is not ContainerState.Running) throw new HomelabException(ErrorKind.Conflict, "ContainerNotRunning", $"Container {found} does not run ({found.Status}) and uses nothing. Run Start-HlContainer {found} first.", found.ToString());
        throw new HomelabException(ErrorKind.Unavailable, "ContainerNotMeasured", $"Container {found} runs, and its engine tells nothing of what it uses. Ask again.", found.ToString());
    }

    // Of a container that was started a moment ago the engine has no sample yet, and of one that ends it has none any more.
    private static async Task<ContainerUsage?> SampleAsync(DockerClient engine, Container container, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var usage = await engine.Containers.StatsAsync(container, cancellationToken).ConfigureAwait(false);
            if (IsMeasured(usage)) return usage;
            if (container.State is not ContainerState.Running || attempt == Samples) return null;
        }
    }

    private static async IAsyncEnumerable<ContainerUsage> MeasureAllAsync(DockerClient engine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = await engine.Containers.ListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var some in all.Where(static c => c.State is ContainerState.Running).Chunk(AtOnce))
        {
            await foreach (var measured in Task.WhenEach(some.Select(c => TryMeasureAsync(engine, c, cancellationToken))).ConfigureAwait(false))
            {
                if (await measured.ConfigureAwait(false) is { } usage) yield return usage;
            }
        }
    }

    private static async Task<ContainerUsage?> TryMeasureAsync(DockerClient engine, Container container, CancellationToken cancellationToken)
    {
        try
        {
            return await SampleAsync(engine, container, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Id == "ContainerNotFound")
        {
            // It was removed since it was listed.
            return null;
        }
    }

    private static bool IsMeasured(ContainerUsage usage) => usage.At > DateTimeOffset.MinValue && usage.Processes > 0;
}
