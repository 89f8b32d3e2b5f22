using System.Globalization;

namespace Homelab.Providers.Ssh;

/// <summary>The lab's machines over SSH. It owns the connections that all providers share.</summary>
public sealed class SshProvider : Provider
{
    private readonly SshHosts _hosts;
    private readonly TimeProvider _time;

    /// <param name="hosts">The connections; they end with this provider.</param>
    /// <param name="context">The lab.</param>
    public SshProvider(SshHosts hosts, ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        ArgumentNullException.ThrowIfNull(context);
        _hosts = hosts;
        _time = context.Time;
        var commands = new HostCommands(context.Lab, context.Commands, hosts);
        Operations =
        [
            new CreateKey(context),
            new ExplainCommand(commands, context.Commands),
            new InstallKey(hosts, context),
            new ListHostKeys(hosts, context),
            new RunCommand(hosts, commands, context.Turns),
            new TrustHost(hosts, context),
        ];
    }

    /// <inheritdoc/>
    public override string Name => "ssh";

    /// <inheritdoc/>
    public override IEnumerable<Operation> Operations { get; }

    /// <inheritdoc/>
    public override IAsyncEnumerable<LabCheck> CheckAsync(CancellationToken cancellationToken) => ConnectionLook.AllAsync(_hosts.Hosts.Select(At), _time, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _hosts.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private ConnectionLook At(string host) => new($"ssh@{host}", $"Look at hosts.{host}.ssh in the lab file.", token => LookAsync(host, token));

    private async Task<IReadOnlyList<LabCheck>> LookAsync(string host, CancellationToken cancellationToken)
    {
        // The first one connects; the second tells what a command costs.
        await _hosts.RunAsync(host, RemoteCommand.Of("true"), cancellationToken).ConfigureAwait(false);
        var result = await _hosts.RunAsync(host, RemoteCommand.Of("sh", "-c", "uname -srm"), cancellationToken).ConfigureAwait(false);
        var login = _hosts.LoginOf(host);
        var seen = string.Create(CultureInfo.InvariantCulture, $"{login.User} is let in at {login.Address} port {login.Port}, a command takes {result.Elapsed.TotalMilliseconds:0.0} ms, {ForeignText.Clean(result.Output, 100)}");
        return [LabCheck.Ok(ConnectionLook.Connection, $"ssh@{host}", seen.TrimEnd(',', ' '))];
    }
}
