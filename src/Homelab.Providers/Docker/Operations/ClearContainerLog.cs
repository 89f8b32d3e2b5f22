using System.ComponentModel;
using System.Globalization;

namespace Homelab.Providers.Docker;

/// <summary>Cuts the log of a container to nothing, on its host, and measures that it is so. The container goes on writing to it.</summary>
/// <remarks>
/// Engine API: <c>GET /containers/{id}/json</c> and <c>GET /info</c> tell where the file is; it has no call that cuts one. <c>truncate -s 0</c> by hand. Files that the engine itself has
/// set aside (<c>max-file</c>) stay.
/// </remarks>
[Operation("docker_rotate_logs", Level.Operate, Risk.Disrupt, Unattended = Requirement.Ask, Idempotent = true, Interrupts = false)]
[Description("Cuts the log of a container to nothing on its host, and measures how much is free now. What it held is lost. Only logs of the driver json-file.")]
[Example("Clear-HlContainerLog gitea@dev", "Cut the log of one container.")]
[Example("Get-HlContainer -Host dev | Clear-HlContainerLog -PassThru", "Cut the logs of all containers of one host, and show what that has freed.")]
public sealed class ClearContainerLog(DockerEngines engines, IRemoteHosts remote) : Change<ClearContainerLog.Input, ContainerLogCut>
{
    /// <summary>Whose log.</summary>
    public sealed record Input
    {
        /// <summary>The container.</summary>
        [Subject, Description("The container: name, name@host, or id.")]
        public required ContainerRef Container { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Cut the log of container", ContainerTarget.Of(input.Container));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var container = await engines.FindAsync(input.Container, cancellationToken).ConfigureAwait(false);
        var log = await ContainerLogFile.FindAsync(engines.On(container.Host), container, remote, cancellationToken).ConfigureAwait(false);
        var size = await log.MeasureAsync(cancellationToken).ConfigureAwait(false);
        return ContainerTarget.Prepare(container, input with { Container = new ContainerRef(container) }) with { Mark = size.ToString(CultureInfo.InvariantCulture) };
    }

    /// <inheritdoc/>
    protected override async Task<ContainerLogCut> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var (container, log) = await FindAsync(input, cancellationToken).ConfigureAwait(false);
        var activity = $"Cutting the log of {input.Container}";
        context.Report(activity, "measuring");
        var before = await log.MeasureAsync(cancellationToken).ConfigureAwait(false);
        context.Report(activity, $"cutting {ByteSize.Format(before)}");
        await log.CutAsync(cancellationToken).ConfigureAwait(false);
        context.SayActed();
        var after = await log.MeasureAsync(cancellationToken).ConfigureAwait(false);
        if (before > 0 && after >= before)
        {
            throw new HomelabException(
                ErrorKind.Failed,
                "ContainerLogNotCut",
                $"{log.Path} on {container.Host} was cut, and is {ByteSize.Format(after)} large all the same; before it was {ByteSize.Format(before)}. Look what writes to it.",
                container.ToString());
        }

        return new ContainerLogCut { Name = container.Name, Host = container.Host, Id = container.Id, Path = log.Path, SizeBefore = before, SizeAfter = after };
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (!long.TryParse(mark, NumberStyles.None, CultureInfo.InvariantCulture, out var before)) return Settlement.Unknown;
        var (_, log) = await FindAsync(input, cancellationToken).ConfigureAwait(false);
        var now = await log.MeasureAsync(cancellationToken).ConfigureAwait(false);
        // One that grew may have been cut and filled again. Of an empty one not having begun is the same.
        return now < before ? Settlement.Happened : now == before ? Settlement.DidNotHappen : Settlement.Unknown;
    }

    private async Task<(ContainerDetail Container, ContainerLogFile Log)> FindAsync(Input input, CancellationToken cancellationToken)
    {
        var container = await engines.FindAsync(input.Container, cancellationToken).ConfigureAwait(false);
        return (container, await ContainerLogFile.FindAsync(engines.On(container.Host), container, remote, cancellationToken).ConfigureAwait(false));
    }
}
