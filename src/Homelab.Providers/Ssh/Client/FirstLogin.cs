using System.Text.RegularExpressions;

namespace Homelab.Providers.Ssh;

/// <summary>The way in that is there before a key is installed: a password, another key, or what works already.</summary>
internal sealed partial class FirstLogin : IDisposable
{
    private readonly AskPass? _password;

    private FirstLogin(SshHosts hosts, AskPass? password)
    {
        Hosts = hosts;
        _password = password;
    }

    /// <summary>The lab, with that way into the one host. Its connections are its own.</summary>
    internal SshHosts Hosts { get; }

    /// <summary>Finds the way, and logs in.</summary>
    /// <exception cref="HomelabException">What <see cref="IRemoteHosts.RunAsync"/> throws; <c>SshTooOld</c> (Invalid).</exception>
    internal static async Task<FirstLogin> OpenAsync(KeyWish wish, InstallKey.Input input, SshHosts hosts, ProviderContext lab, CancellationToken cancellationToken)
    {
        var (host, login) = (wish.Login.Host, wish.Login.Definition);
        if (input.Password is { } reference)
        {
            await RequireAskPassAsync(hosts, host, cancellationToken).ConfigureAwait(false);
            var secret = await lab.Secrets.ResolveAsync(reference, cancellationToken).ConfigureAwait(false);
            var password = await AskPass.OfAsync(secret, reference, cancellationToken).ConfigureAwait(false);
            return await TryAsync(new FirstLogin(hosts.With(host, login with { Key = null }, password), password), host, cancellationToken).ConfigureAwait(false)
                ?? throw Denied(wish, $"it did not accept {reference}", "Look whether sshd there lets accounts in by password (PasswordAuthentication, PermitRootLogin), and whether it is the right one.");
        }

        if (input.Using is not null)
        {
            return await TryAsync(new FirstLogin(hosts.With(host, login with { Key = input.Using }), password: null), host, cancellationToken).ConfigureAwait(false)
                ?? throw Denied(wish, $"it did not accept {input.Using}", "Give a key that may log in there, or the password by -Password.");
        }

        // First as the lab file says; the key of the lab file may be the very one that is not there yet.
        return await TryAsync(new FirstLogin(hosts.With(host, login), password: null), host, cancellationToken).ConfigureAwait(false)
            ?? (login.Key is null ? null : await TryAsync(new FirstLogin(hosts.With(host, login with { Key = null }), password: null), host, cancellationToken).ConfigureAwait(false))
            ?? throw Denied(wish, "neither the key of the lab file nor those of this account and its agent are accepted", "Give the account's password by -Password env:NAME, or a private key that may log in by -Using file:path.");
    }

    public void Dispose() => _password?.Dispose();

    private static async Task<FirstLogin?> TryAsync(FirstLogin login, string host, CancellationToken cancellationToken)
    {
        try
        {
            await login.Hosts.RunAsync(host, RemoteCommand.Of("true"), cancellationToken).ConfigureAwait(false);
            return login;
        }
        catch (Exception e)
        {
            await login.Hosts.DisposeAsync().ConfigureAwait(false);
            login.Dispose();
            // Nobody was let in. Who was let in and could run nothing has another trouble than the key.
            if (e is HomelabException { Id: "SshDenied", NothingHappened: true }) return null;
            throw;
        }
    }

    // Before OpenSSH 8.4 a password would be asked for at the terminal that somebody sits at.
    private static async Task RequireAskPassAsync(SshHosts hosts, string host, CancellationToken cancellationToken)
    {
        var said = await hosts.VersionAsync(host, cancellationToken).ConfigureAwait(false);
        var match = VersionPattern().Match(said);
        if (match.Success && new Version(int.Parse(match.Groups["major"].ValueSpan), int.Parse(match.Groups["minor"].ValueSpan)) >= new Version(8, 4)) return;
        throw new HomelabException(ErrorKind.Invalid, "SshTooOld", $"A password can be given to OpenSSH 8.4 or newer only; this is {SshErrors.Last(said)}. Give a key by -Using.", host) { NothingHappened = true };
    }

    private static HomelabException Denied(KeyWish wish, string why, string wayOut) => SshErrors.Denied(wish.Login, why, wayOut);

    [GeneratedRegex("OpenSSH_(for_Windows_)?(?<major>[0-9]{1,3})\\.(?<minor>[0-9]{1,3})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionPattern();
}
