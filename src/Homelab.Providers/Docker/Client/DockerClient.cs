namespace Homelab.Providers.Docker;

/// <summary>One engine. Connections are opened when they are first needed and kept.</summary>
internal sealed class DockerClient : IDisposable
{
    private readonly DockerWire _wire;

    internal DockerClient(DockerTransport transport, TimeProvider time, Action<string> trace)
    {
        _wire = new DockerWire(transport, time, trace);
        Containers = new DockerContainers(_wire);
        Events = new DockerEvents(_wire);
        System = new DockerSystem(_wire);
    }

    /// <summary>The host as the lab file names it.</summary>
    internal string Host => _wire.Endpoint.Host;

    /// <summary>Where it listens, as messages give it.</summary>
    internal string Address => _wire.Endpoint.Address;

    internal DockerContainers Containers { get; }

    internal DockerEvents Events { get; }

    internal DockerSystem System { get; }

    public void Dispose() => _wire.Dispose();
}
