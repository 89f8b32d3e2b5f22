namespace Homelab.Providers.Docker;

/// <summary>Docker Engine, and what speaks its API: Podman.</summary>
public sealed class DockerProvider : Provider
{
    private readonly DockerEngines _engines;
    private readonly TimeProvider _time;
    private readonly bool _watch;

    /// <summary>Reads where the engines are; connects to none.</summary>
    /// <exception cref="HomelabException"><c>DockerEndpointInvalid</c> (Invalid): a host's <c>docker:</c> cannot be used.</exception>
    public DockerProvider(ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _engines = new DockerEngines(context);
        var stacks = new StackKeeper(context, _engines);
        _time = context.Time;
        _watch = context.Settings<DockerSettings>("docker")?.Watch ?? false;
        Operations =
        [
            new ListContainers(_engines),
            new ReadContainerLog(_engines),
            new MeasureContainer(_engines),
            new CheckContainer(_engines),
            new InspectContainer(_engines),
            new WatchContainers(_engines),
            new MeasureSpace(_engines),
            new StartContainer(_engines),
            new StopContainer(_engines),
            new RestartContainer(_engines),
            new ResetContainer(_engines),
            new ClearImages(_engines),
            new ClearContainerLog(_engines, context.Remote),
            new SetContainerLimits(_engines),
            new RunInContainer(_engines, context.Commands, context.Turns),
            new ListVolumes(_engines),
            new ListNetworks(_engines),
            new ReadStackFile(stacks),
            new WriteStackFile(stacks),
            new ComposeUp(stacks),
            new ComposeDown(stacks),
        ];
    }

    /// <inheritdoc/>
    public override string Name => "docker";

    /// <inheritdoc/>
    public override IEnumerable<Operation> Operations { get; }

    /// <inheritdoc/>
    public override IEnumerable<IAlertFeed> AlertFeeds => _watch && _engines.Hosts.Count > 0 ? [new DockerAlertFeed(_engines, _time)] : [];

    /// <inheritdoc/>
    public override IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) =>
        ConnectionLook.AllAsync(_engines.Hosts.Select(h => EngineLook.At(_engines.On(h), _time)), _time, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _engines.Dispose();
        return base.DisposeAsync();
    }
}
