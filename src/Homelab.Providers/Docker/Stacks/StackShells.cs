namespace Homelab.Providers.Docker;

/// <summary>The ways to the shells of hosts that have stacks: by their login, or here where the engine is this machine's own.</summary>
internal sealed class StackShells(ProviderContext context, DockerEngines engines)
{
    /// <summary>The shell of a host.</summary>
    /// <exception cref="HomelabException"><c>StackHostUnreachable</c> (Invalid): no way leads to it.</exception>
    internal IStackShell On(string host)
    {
        if (context.Remote.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase)) return new RemoteStackShell(host, context.Remote);
        if (!OperatingSystem.IsWindows() && engines.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase) && engines.On(host) is { IsLocal: true } engine) return new LocalStackShell(host, engine.Address, context.Time);
        var wayOut = $"Give hosts.{host}.ssh in the lab file.";
        throw new HomelabException(ErrorKind.Invalid, "StackHostUnreachable", $"Compose has no API: it is run on its host, and there is no login for {host}. {wayOut}", host) { WayOut = wayOut, NothingHappened = true };
    }
}

/// <summary>A shell of one host.</summary>
internal interface IStackShell
{
    /// <summary>The host as the lab file names it.</summary>
    string Host { get; }

    /// <summary>Runs a program to its end. A cancelled caller ends it.</summary>
    /// <exception cref="HomelabException">As of <see cref="IRemoteHosts.RunAsync"/>.</exception>
    Task<RemoteResult> RunAsync(RemoteCommand command, CancellationToken cancellationToken);
}

/// <summary>A shell over SSH.</summary>
internal sealed class RemoteStackShell(string host, IRemoteHosts remote) : IStackShell
{
    public string Host => host;

    public Task<RemoteResult> RunAsync(RemoteCommand command, CancellationToken cancellationToken) => remote.RunAsync(host, command, cancellationToken);
}
