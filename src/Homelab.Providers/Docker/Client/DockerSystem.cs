namespace Homelab.Providers.Docker;

/// <summary>The engine itself.</summary>
internal sealed class DockerSystem(DockerWire wire)
{
    /// <summary>Whether it answers. <c>GET /_ping</c>.</summary>
    internal Task PingAsync(CancellationToken cancellationToken) => wire.PingAsync(cancellationToken);

    /// <summary><c>GET /version</c>; <c>docker version</c>.</summary>
    internal Task<VersionWire> VersionAsync(CancellationToken cancellationToken) => wire.GetAsync("/version", DockerJson.Default.VersionWire, cancellationToken);

    /// <summary><c>GET /info</c>; <c>docker info</c>.</summary>
    internal Task<InfoWire> InfoAsync(CancellationToken cancellationToken) => wire.GetAsync("/info", DockerJson.Default.InfoWire, cancellationToken);
}
