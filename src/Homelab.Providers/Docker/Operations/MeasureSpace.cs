using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Docker;

/// <summary>Counts what images, containers, volumes and the cache of builds take on the disks of engines.</summary>
/// <remarks>Engine API: <c>GET /system/df</c>. The CLI's <c>docker system df</c>.</remarks>
[Operation("docker_disk_usage", Level.Monitor, Risk.Read)]
[Description("Counts what images, containers, volumes and the cache of builds take on the disk of each engine, and how much of it nobody uses. Logs of containers are not among it.")]
[Example("Get-HlDockerSpace", "Count on every engine of the lab.")]
[Example("Get-HlDockerSpace dev | Where-Object Kind -eq Images", "Show how much the images of one host take.")]
public sealed class MeasureSpace(DockerEngines engines) : Query<MeasureSpace.Input, DockerSpace>
{
    /// <summary>Of which engines.</summary>
    public sealed record Input
    {
        /// <summary>The host.</summary>
        [Subject, NameOf("host"), Description("The host whose engine is asked, as the lab file names it. All engines when not given.")]
        public string? Host { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Count what Docker keeps", input.Host is { } host ? EngineTarget.Of(host) : Target.Lab);

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<DockerSpace> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What one engine keeps stays together, whichever answers first.
        await foreach (var kept in SourceMerge.MergeAsync(engines.In(input.Host), static (e, c) => CountAsync(e, c), DockerErrors.Several, endless: false, cancellationToken).ConfigureAwait(false))
        {
            foreach (var space in kept) yield return space;
        }
    }

    private static async IAsyncEnumerable<IReadOnlyList<DockerSpace>> CountAsync(DockerClient engine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return [.. SpaceReader.Read(await engine.System.DiskUsageAsync(cancellationToken).ConfigureAwait(false), engine.Host)];
    }
}
