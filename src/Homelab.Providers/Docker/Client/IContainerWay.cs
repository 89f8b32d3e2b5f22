namespace Homelab.Providers.Docker;

/// <summary>A way to the containers of one engine.</summary>
internal interface IContainerWay
{
    /// <summary>All of them, running or not. <c>docker ps -a</c>.</summary>
    Task<IReadOnlyList<Container>> ListAsync(CancellationToken cancellationToken);

    /// <summary>One of them. <c>docker inspect</c>. The engine also takes the beginning of an id for a name: compare what it answers.</summary>
    /// <exception cref="HomelabException"><c>ContainerNotFound</c>, and what every call throws.</exception>
    Task<ContainerDetail> InspectAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary><c>docker start</c>. False when it is known that it ran already.</summary>
    Task<bool> StartAsync(string id, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary><c>docker stop</c>. False when it is known that it did not run.</summary>
    /// <param name="id">The full id.</param>
    /// <param name="grace">How long it may take to end by itself; null for the container's own setting.</param>
    /// <param name="timeout">How long the engine may take to answer.</param>
    /// <param name="cancellationToken">Ends the wait, not the stop.</param>
    Task<bool> StopAsync(string id, TimeSpan? grace, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary><c>docker restart</c>. Parameters as for <see cref="StopAsync"/>.</summary>
    Task<bool> RestartAsync(string id, TimeSpan? grace, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Lines of a log. <c>docker logs</c>.</summary>
    IAsyncEnumerable<ContainerLogLine> LogsAsync(ContainerDetail container, int tail, DateTimeOffset? since, bool follow, CancellationToken cancellationToken);
}
