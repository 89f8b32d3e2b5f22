using System.Globalization;

namespace Homelab.Providers.Ssh;

/// <summary>The lab's machines over SSH. It owns the connections that all providers share.</summary>
/// <param name="hosts">The connections; they end with this provider.</param>
/// <param name="context">The lab.</param>
public sealed class SshProvider(SshHosts hosts, ProviderContext context) : Provider
{
    /// <inheritdoc/>
    public override string Name => "ssh";

    /// <inheritdoc/>
    public override IEnumerable<Operation> Operations { get; } =
    [
        new CreateKey(context),
        new InstallKey(hosts, context),
        new ListHostKeys(hosts, context),
        new TrustHost(hosts, context),
    ];

    /// <inheritdoc/>
    public override IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) => ConnectionLook.AllAsync(hosts.Hosts.Select(At), context.Time, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await hosts.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private ConnectionLook At(string host) => new($"ssh@{host}", $"Look at hosts.{host}.ssh in the lab file.", token => LookAsync(host, token));

    private async Task<IReadOnlyList<LabCheck>> LookAsync(string host, CancellationToken cancellationToken)
    {
        // The first one connects; the second tells what a command costs.
        await hosts.RunAsync(host, RemoteCommand.Of("true"), cancellationToken).ConfigureAwait(false);
        var result = await hosts.RunAsync(host, RemoteCommand.Of("sh", "-c", "uname -srm"), cancellationToken).ConfigureAwait(false);
        var login = hosts.LoginOf(host);
        var seen = string.Create(CultureInfo.InvariantCulture, $"{login.User} is let in at {login.Address} port {login.Port}, a command takes {result.Elapsed.TotalMilliseconds:0.0} ms, {ForeignText.Clean(result.Output, 100)}");
        return [LabCheck.Ok(ConnectionLook.Connection, $"ssh@{host}", seen.TrimEnd(',', ' '))];
    }
}
