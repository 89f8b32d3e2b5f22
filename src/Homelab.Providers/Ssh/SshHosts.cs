namespace Homelab.Providers.Ssh;

/// <summary>The lab's machines as OpenSSH reaches them. One for a whole lab: every provider runs its commands over the same connections.</summary>
public sealed class SshHosts : IRemoteHosts, IAsyncDisposable
{
    private readonly ProviderContext _context;
    private readonly SshManner _manner;
    private readonly Dictionary<string, Lazy<SshHost>> _hosts;
    private bool _disposed;

    /// <summary>Reads which hosts can be logged in to; connects to none.</summary>
    public SshHosts(ProviderContext context)
        : this(context, new SshManner())
    {
    }

    internal SshHosts(ProviderContext context, SshManner manner)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _manner = manner;
        _hosts = context.Lab.Hosts.Where(static h => h.Value.Ssh is not null).ToDictionary(static h => h.Key, h => new Lazy<SshHost>(() => Make(h.Key)), StringComparer.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Hosts => [.. _hosts.Keys.Order(StringComparer.Ordinal)];

    // Not to be called on this type: whoever runs a command is given the interface.
    Task<RemoteResult> IRemoteHosts.RunAsync(string host, RemoteCommand command, CancellationToken cancellationToken) => RunAsync(host, command, cancellationToken);

    Task<IRemoteTalk> IRemoteHosts.OpenAsync(string host, IReadOnlyList<string> words, CancellationToken cancellationToken) => OpenAsync(host, words, cancellationToken);

    internal Task<RemoteResult> RunAsync(string host, RemoteCommand command, CancellationToken cancellationToken) => On(host).RunAsync(command, cancellationToken);

    internal Task<IRemoteTalk> OpenAsync(string host, IReadOnlyList<string> words, CancellationToken cancellationToken) => On(host).OpenAsync(words, cancellationToken);

    /// <summary>The key that a host shows, and how files of known hosts name it. Logs nobody in.</summary>
    internal Task<HostKeyScan> ScanAsync(string host, CancellationToken cancellationToken) => On(host).Door.ScanAsync(cancellationToken);

    /// <summary>Where a host is logged in to, as the lab file says it.</summary>
    internal SshLogin LoginOf(string host) => On(host).Door.Login;

    /// <summary>The same lab, with one of its hosts logged in to in another way. Its connections are its own.</summary>
    /// <param name="host">The host as the lab file names it.</param>
    /// <param name="login">The other way.</param>
    /// <param name="password">What tells the account's password; null to log in by keys.</param>
    internal SshHosts With(string host, SshDefinition login, AskPass? password = null)
    {
        var hosts = new Dictionary<string, HostDefinition>(_context.Lab.Hosts, StringComparer.Ordinal);
        hosts[host] = hosts[host] with { Ssh = login };
        return new SshHosts(_context with { Lab = _context.Lab with { Hosts = hosts } }, _manner with { Password = password is null ? null : new SshPassword(host, password) });
    }

    /// <summary>What ssh says of its version.</summary>
    internal async Task<string> VersionAsync(string host, CancellationToken cancellationToken) => (await SshProcess.RunAsync(host, _manner, ["-V"], staysBehind: false, cancellationToken).ConfigureAwait(false)).Said;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        // Those behind others first: their connections lead through them.
        foreach (var host in _hosts.Where(static h => h.Value.IsValueCreated).OrderByDescending(h => Depth(h.Key)).Select(static h => h.Value.Value)) await host.DisposeAsync().ConfigureAwait(false);
    }

    private SshHost On(string host)
    {
        if (_hosts.TryGetValue(host, out var known)) return known.Value;
        // Known, but without a login: that is another thing to set right than a name that was mistyped.
        foreach (var (name, definition) in _context.Lab.Hosts)
        {
            if (name.Equals(host, StringComparison.OrdinalIgnoreCase)) SshLogin.Of(name, definition);
        }

        throw SshErrors.NotFound(host, [.. _context.Lab.Hosts.Keys]);
    }

    private SshHost Make(string name)
    {
        var definition = _context.Lab.Hosts[name];
        var login = SshLogin.Of(name, definition);
        // A circle was refused when the file was read; who made the lab otherwise hears it here.
        if (Depth(name) > _hosts.Count) throw SshErrors.NotConfigured(name, "its jump hosts lead back to itself", $"Look at hosts.{name}.ssh.jump.");
        var jump = definition.Ssh?.Jump is { } before ? On(before) : null;
        PrivateFolder.SweepOnce();
        return new SshHost(new SshDoor(login, jump, _context.Lab.Policy.Ssh.Networks, _context, _manner), _context, _manner);
    }

    private int Depth(string name)
    {
        var depth = 0;
        for (var at = name; depth <= _hosts.Count && _context.Lab.Hosts.TryGetValue(at, out var host) && host.Ssh?.Jump is { } before; at = before) depth++;
        return depth;
    }
}
