using System.Net.Http.Headers;

namespace Homelab.Providers.Mcp;

/// <summary>One address of a server: its connections are kept, its login is opened anew for each talk.</summary>
internal sealed class HttpPlace : IDisposable
{
    private readonly McpServerSettings _settings;
    private readonly bool _getsLogin;
    private readonly HttpPeer _peer;

    /// <param name="url">The address.</param>
    /// <param name="settings">The server's.</param>
    /// <param name="faults">Says what is wrong.</param>
    /// <param name="context">The lab.</param>
    /// <param name="getsLogin">False for an address of another origin than that of the login.</param>
    internal HttpPlace(Uri url, McpServerSettings settings, McpFaults faults, ProviderContext context, bool getsLogin)
    {
        Url = url;
        Faults = faults;
        Context = context;
        _settings = settings;
        _getsLogin = getsLogin;
        _peer = new HttpPeer(new HttpPeerDefinition(faults.Setting["providers.".Length..], faults.Who, McpNames.Prefix, url) { Tls = settings.Tls }, context);
    }

    internal Uri Url { get; }

    internal McpFaults Faults { get; }

    internal ProviderContext Context { get; }

    /// <summary>The wire for one talk.</summary>
    /// <exception cref="HomelabException"><c>SecretNotFound</c>, <c>TlsFileUnreadable</c>, <c>McpServerInvalid</c>.</exception>
    internal async Task<HttpGuard> GuardAsync(ForeignWords words, Allowance allowance, CancellationToken over, CancellationToken cancellationToken)
    {
        var inner = await _peer.OpenAsync(cancellationToken).ConfigureAwait(false);
        var login = _getsLogin ? await LoginAsync(words, cancellationToken).ConfigureAwait(false) : [];
        var given = login.Count == 0 ? null : string.Join(", ", _settings.Headers.Values.Prepend(_settings.Token).OfType<SecretReference>());
        return new HttpGuard(inner, Url, login, given, Faults, allowance) { Unreachable = e => Faults.Of(_peer.Unreachable(e)), Trace = Context.Trace, Over = over };
    }

    public void Dispose() => _peer.Dispose();

    private async Task<IReadOnlyList<(string Name, string Value)>> LoginAsync(ForeignWords words, CancellationToken cancellationToken)
    {
        var login = new List<(string, string)>();
        if (_settings.Token is { } token) login.Add(("Authorization", new AuthenticationHeaderValue("Bearer", await OpenAsync(token).ConfigureAwait(false)).ToString()));
        foreach (var (name, reference) in _settings.Headers) login.Add((name, await OpenAsync(reference).ConfigureAwait(false)));
        return login;

        async Task<string> OpenAsync(SecretReference reference)
        {
            var secret = await Context.Secrets.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
            words.Learn(secret);
            var value = secret.Reveal();
            // It would end the header and begin another one.
            return value.All(static c => c is >= ' ' and <= '~') ? value : throw Faults.Unusable($"is given a login ({reference}) that no header can carry");
        }
    }
}
