using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Providers.Ssh;

/// <summary>Lets a key log in to a host's account, and proves it by logging in with it.</summary>
/// <remarks>As <c>ssh-copy-id</c>: a line in <c>~/.ssh/authorized_keys</c>. A password goes by <c>SSH_ASKPASS</c>, never by the command line.</remarks>
[Operation("ssh_install_key", Level.Manage, Risk.Change, Idempotent = true)]
[Description("Writes the public half of a key into authorized_keys of the account that the lab file names for a host, restricted to commands, and verifies it by a login with that key alone.")]
[Example("'proxmox', 'dev', 'infra' | Install-HlSshKey -Password vault:first-login", "Let the key that the lab file names for each host in, by the account's password this once.")]
[Example("Install-HlSshKey dev -Key file:keys/dev_2027 -From 100.64.0.0/10 -PassThru", "Let a new key in by the login that works already, and only from the tailnet.")]
public sealed class InstallKey(SshHosts hosts, ProviderContext lab) : Change<InstallKey.Input, AuthorizedKey>
{
    /// <summary>Which key, where, and how to get in this once.</summary>
    public sealed record Input
    {
        /// <summary>The host.</summary>
        [Subject, NameOf("host"), Description("The host, as the lab file names it; its account is the one of the lab file.")]
        public required string Host { get; init; }

        /// <summary>The key.</summary>
        [Description("The private key whose public half is installed, as a reference: file:keys/dev_ed25519. The one that the lab file names for the host when not given.")]
        public SecretReference? Key { get; init; }

        /// <summary>The password.</summary>
        [Description("The account's password to get in by this once, as a secret reference: env:NAME, file:path or vault:name.")]
        public SecretReference? Password { get; init; }

        /// <summary>Another key.</summary>
        [Description("Another private key to get in by this once, as a reference: file:path.")]
        public SecretReference? Using { get; init; }

        /// <summary>The networks.</summary>
        [Description("The addresses and networks that the key may log in from: 100.64.0.0/10. From anywhere when not given.")]
        public IReadOnlyList<string> From { get; init; } = [];

        /// <summary>Without limits.</summary>
        [Description("Let the key also open terminals and forward ports, agents and displays.")]
        public bool Unrestricted { get; init; }

        /// <summary>Another line goes.</summary>
        [Description("Write the key's line anew where it is there with other limits.")]
        public bool Replace { get; init; }

        /// <summary>The fingerprint.</summary>
        [Description("The fingerprint that the key must have. Whoever agrees to the installation agrees to this key."), RegularExpression("^SHA256:[A-Za-z0-9+/]{43}$")]
        public string? Fingerprint { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new($"Let SSH key {input.Fingerprint ?? input.Key?.ToString() ?? "of the lab file"} log in to", new Target("host", input.Host));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var wish = await KeyWish.ReadAsync(input, hosts, lab, cancellationToken).ConfigureAwait(false);
        return new Prepared<Input>(input with { Host = wish.Login.Host, Key = wish.Reference, Fingerprint = wish.Key.Fingerprint }, null) { Aliases = [wish.Login.Address] };
    }

    /// <inheritdoc/>
    protected override async Task<AuthorizedKey> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var wish = await KeyWish.ReadAsync(input, hosts, lab, cancellationToken).ConfigureAwait(false);
        var host = wish.Login.Host;
        context.Report($"Installing a key on {host}", "logging in");
        using var door = await FirstLogin.OpenAsync(wish, input, hosts, lab, cancellationToken).ConfigureAwait(false);
        await using var way = door.Hosts.ConfigureAwait(false);
        var file = new AuthorizedKeys(door.Hosts, host);
        var found = await file.FindAsync(wish.Key, cancellationToken).ConfigureAwait(false);
        var isThere = found.Lines is [var only] && only.Options == wish.Options;
        if (!isThere)
        {
            if (found.Lines is [var other, ..] && !input.Replace) throw OtherLimits(wish, other.Options);
            await file.WriteAsync(found, wish.Line, cancellationToken).ConfigureAwait(false);
            context.SayActed();
        }

        context.Report($"Installing a key on {host}", "logging in with it");
        await ProveAsync(wish, cancellationToken).ConfigureAwait(false);
        return new AuthorizedKey
        {
            Host = host,
            User = wish.Login.User,
            Fingerprint = wish.Key.Fingerprint,
            Comment = wish.Key.Comment,
            Options = wish.Options,
            Added = !isThere,
            Warning = wish.Login.User == "root"
                ? $"This key is now root on {host}. Better is an account of its own that sudo allows little: hosts.{host}.ssh.user and sudo; docs/ssh.md shows how."
                : null,
        };
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        var wish = await KeyWish.ReadAsync(input, hosts, lab, cancellationToken).ConfigureAwait(false);
        try
        {
            await ProveAsync(wish, cancellationToken).ConfigureAwait(false);
            return Settlement.Happened;
        }
        catch (HomelabException e) when (e.Id == "KeyNotAccepted")
        {
            return Settlement.DidNotHappen;
        }
    }

    // A connection of its own, with this key and nothing else.
    private async Task ProveAsync(KeyWish wish, CancellationToken cancellationToken)
    {
        var host = wish.Login.Host;
        var alone = hosts.With(host, wish.Login.Definition with { Key = wish.Reference });
        await using var ends = alone.ConfigureAwait(false);
        AuthorizedLines seen;
        try
        {
            seen = await new AuthorizedKeys(alone, host).FindAsync(wish.Key, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Id == "SshDenied")
        {
            throw new HomelabException(
                ErrorKind.Failed,
                "KeyNotAccepted",
                $"{wish.Reference} is in ~/.ssh/authorized_keys of {wish.Login.User} on {host}, and a login with it was refused. Look at sshd's log there, at the rights of the home folder, at AuthorizedKeysFile, and whether -From has the address that we come from.",
                host,
                e);
        }

        if (!seen.Lines.Any(l => l.Options == wish.Options)) throw OtherLimits(wish, seen.Lines is [var other, ..] ? other.Options : "(another file)");
    }

    private static HomelabException OtherLimits(KeyWish wish, string options) => new(
        ErrorKind.Conflict,
        "KeyHasOtherLimits",
        $"{wish.Reference} may log in to {wish.Login.Host} already, with the limits '{ForeignText.Clean(options, 300)}' and not '{wish.Options}'. To write its line anew give -Replace.",
        wish.Login.Host) { NothingHappened = true };
}
