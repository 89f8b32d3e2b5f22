namespace Homelab;

/// <summary>Where nothing can be logged in to: for those that put providers together without a way to the machines.</summary>
internal sealed class NoRemoteHosts : IRemoteHosts
{
    internal static NoRemoteHosts Instance { get; } = new();

    public IReadOnlyList<string> Hosts => [];

    public Task<RemoteResult> RunAsync(string host, RemoteCommand command, CancellationToken cancellationToken) => throw None(host);

    public Task<IRemoteTalk> OpenAsync(string host, IReadOnlyList<string> words, CancellationToken cancellationToken) => throw None(host);

    private static HomelabException None(string host) =>
        new(ErrorKind.Invalid, "SshNotConfigured", $"There is no way to log in to '{host}' here.", host) { NothingHappened = true };
}
