namespace Homelab.Providers.Docker;

/// <summary>One engine. Connections are opened when they are first needed and kept.</summary>
internal sealed class DockerClient : IDisposable
{
    private readonly DockerWire _wire;

    /// <param name="transport">The way to its API.</param>
    /// <param name="time">The clock.</param>
    /// <param name="trace">Receives one line per call.</param>
    /// <param name="remote">The way to the machines, where there is one besides.</param>
    internal DockerClient(DockerTransport transport, TimeProvider time, Action<string> trace, IRemoteHosts? remote = null)
    {
        _wire = new DockerWire(transport, time, trace);
        Containers = new EngineContainers(new DockerContainers(_wire), DockerCli.For(transport.Endpoint, remote, _wire), _wire);
        Making = new ContainerMaking(_wire);
        Updates = new ContainerUpdates(_wire);
        Commands = new DockerCommands(_wire);
        Events = new DockerEvents(_wire);
        System = new DockerSystem(_wire);
        Parts = new DockerParts(_wire);
    }

    /// <summary>The host as the lab file names it.</summary>
    internal string Host => _wire.Endpoint.Host;

    /// <summary>True where it listens on this machine's own disk, on which its data may be too.</summary>
    internal bool IsLocal => _wire.Endpoint is UnixEndpoint;

    /// <summary>Where it listens, as messages give it.</summary>
    internal string Address => _wire.Endpoint.Address;

    internal EngineContainers Containers { get; }

    internal ContainerMaking Making { get; }

    internal ContainerUpdates Updates { get; }

    internal DockerCommands Commands { get; }

    internal DockerEvents Events { get; }

    internal DockerSystem System { get; }

    internal DockerParts Parts { get; }

    public void Dispose() => _wire.Dispose();
}
