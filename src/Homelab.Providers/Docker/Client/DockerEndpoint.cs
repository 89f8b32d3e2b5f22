namespace Homelab.Providers.Docker;

/// <summary>Where one host's engine listens, read once from the lab file and trusted afterwards.</summary>
/// <param name="Host">The host as the lab file names it.</param>
internal abstract record DockerEndpoint(string Host)
{
    private const int PlainPort = 2375;
    private const int TlsPort = 2376;

    /// <summary>The address as messages give it.</summary>
    internal abstract string Address { get; }

    /// <summary>Reads a host's <c>docker:</c>.</summary>
    /// <exception cref="HomelabException"><c>DockerEndpointInvalid</c> (Invalid): the key in the lab file, the value, and what was expected.</exception>
    internal static DockerEndpoint Of(string host, HostDefinition definition)
    {
        var docker = definition.Docker ?? throw Invalid(host, "", "is missing");
        var url = docker.Url.Trim();
        if (url == "ssh") return Ssh(host, definition);
        if (url.StartsWith("unix://", StringComparison.OrdinalIgnoreCase))
        {
            var path = url["unix://".Length..];
            return path.StartsWith('/') ? new UnixEndpoint(host, path) : throw Invalid(host, url, "has no absolute path");
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri)) throw Invalid(host, url, "is no address");
        return uri.Scheme switch
        {
            "npipe" => Pipe(host, url, uri),
            "tcp" or "http" or "https" => Tcp(host, url, uri, docker.Tls),
            "ssh" => throw Invalid(host, url, "is not needed: write 'docker: ssh', and the account under the host's ssh"),
            _ => throw Invalid(host, url, "has an unknown scheme"),
        };
    }

    private static SshEndpoint Ssh(string host, HostDefinition definition)
    {
        if (definition.Ssh is not { } login) throw Invalid(host, "ssh", "needs the host's ssh settings");
        if (definition.Address.Length == 0) throw Invalid(host, "ssh", "needs the host's address");
        // Either would be read as an option by ssh.
        if (definition.Address.StartsWith('-') || login.User.StartsWith('-')) throw Invalid(host, "ssh", "has an address or user that begins with a hyphen");
        return new SshEndpoint(host, definition.Address, login);
    }

    private static PipeEndpoint Pipe(string host, string url, Uri uri)
    {
        const string Folder = "/pipe/";
        var at = uri.AbsolutePath.LastIndexOf(Folder, StringComparison.OrdinalIgnoreCase);
        var name = at < 0 ? "" : uri.AbsolutePath[(at + Folder.Length)..];
        return name.Length > 0 ? new PipeEndpoint(host, name) : throw Invalid(host, url, "names no pipe such as npipe:////./pipe/docker_engine");
    }

    private static TcpEndpoint Tcp(string host, string url, Uri uri, TlsDefinition? tls)
    {
        if (uri.Host.Length == 0) throw Invalid(host, url, "names no host");
        if (uri.UserInfo.Length > 0 || uri.AbsolutePath.Length > 1 || uri.Query.Length > 0) throw Invalid(host, uri.Host, "has more than host and port");
        if (uri.Scheme == "http" && tls is not null) throw Invalid(host, url, "says http and has tls settings; write tcp:// or https://");
        if (uri.Scheme == "https") tls ??= new TlsDefinition();
        // http and https have default ports of their own, which no engine uses; an unknown scheme has none.
        var given = new Uri("tcp" + url[uri.Scheme.Length..]).Port;
        var port = given > 0 ? given : tls is null ? PlainPort : TlsPort;
        return new TcpEndpoint(host, uri.IdnHost, port, tls);
    }

    private static HomelabException Invalid(string host, string value, string why) => new(
        ErrorKind.Invalid,
        "DockerEndpointInvalid",
        $"hosts.{host}.docker '{value}' {why}. Give ssh, unix:///var/run/docker.sock, tcp://host:2375, https://host:2376 or npipe:////./pipe/docker_engine.",
        host);
}

internal sealed record UnixEndpoint(string Host, string Path) : DockerEndpoint(Host)
{
    internal override string Address => "unix://" + Path;
}

internal sealed record PipeEndpoint(string Host, string Name) : DockerEndpoint(Host)
{
    internal override string Address => "npipe:////./pipe/" + Name;
}

internal sealed record TcpEndpoint(string Host, string Server, int Port, TlsDefinition? Tls) : DockerEndpoint(Host)
{
    internal override string Address => $"tcp://{(Server.Contains(':', StringComparison.Ordinal) ? $"[{Server}]" : Server)}:{Port}";
}

internal sealed record SshEndpoint(string Host, string Server, SshDefinition Login) : DockerEndpoint(Host)
{
    internal override string Address => $"ssh://{Login.User}@{Server}:{Login.Port}";
}
