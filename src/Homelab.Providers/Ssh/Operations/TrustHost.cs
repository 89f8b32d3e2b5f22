using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Providers.Ssh;

/// <summary>Lets a host be known by the key that it shows.</summary>
/// <remarks>
/// Without a fingerprint, the one that the host shows becomes part of what is asked: whoever agrees, agrees to that key and no other. As <c>ssh-keyscan</c> and
/// <c>ssh-keygen -R</c> would do it, but by the very way in that a login takes.
/// </remarks>
[Operation("ssh_trust_host", Level.Manage, Risk.Change, Idempotent = true)]
[Description("Writes the key that a host shows into our file of known hosts, so that it can be logged in to. With a fingerprint, only if the key has it.")]
[Example("Register-HlHostKey dev -Fingerprint SHA256:uNiVztksCsDhcc0u9e8BrrJXVOHxJzjrzYoSPFqAnLw", "Trust a host, if it shows the key whose fingerprint was read at the machine itself.")]
[Example("Register-HlHostKey dev -Fingerprint SHA256:uNiVztksCsDhcc0u9e8BrrJXVOHxJzjrzYoSPFqAnLw -Replace", "Trust a host that was set up anew.")]
public sealed class TrustHost(SshHosts hosts, ProviderContext lab) : Change<TrustHost.Input, HostKeyRecord>
{
    /// <summary>Which host, and which key.</summary>
    public sealed record Input
    {
        /// <summary>The host.</summary>
        [Subject, NameOf("host"), Description("The host, as the lab file names it.")]
        public required string Host { get; init; }

        /// <summary>The fingerprint.</summary>
        [Description("The fingerprint of its key as read at the machine itself, by ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub. Without it, somebody has to agree to what the host shows."),
            RegularExpression("^SHA256:[A-Za-z0-9+/]{43}$")]
        public string? Fingerprint { get; init; }

        /// <summary>Another key goes.</summary>
        [Description("Let the key that it was known by go. Without this, a host with another key than the known one is refused.")]
        public bool Replace { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) =>
        new($"Trust {(input.Fingerprint is null ? "the host key" : $"host key {input.Fingerprint}")}{(input.Replace ? " in place of the known one" : "")} of", new Target("host", input.Host));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var (login, shown, known) = await LookAsync(input, cancellationToken).ConfigureAwait(false);
        var isNew = known.All(l => l.Key != shown.Key) && login.Definition.HostKey is null;
        // At a prompt a change is done without a question. To trust what nobody compared is none that may be taken for given.
        IReadOnlyList<Finding> findings = input.Fingerprint is null && isNew && !context.Caller.IsUnattended
            ? [new Finding(Rules.Target, Requirement.AskTwice, $"nobody has compared {shown.Fingerprint} ({shown.Type}) with the key of the machine itself", $"Register-HlHostKey {login.Host} -Fingerprint …")]
            : [];
        return new Prepared<Input>(input with { Host = login.Host, Fingerprint = shown.Fingerprint }, null) { Aliases = [login.Address], Findings = findings };
    }

    /// <inheritdoc/>
    protected override async Task<HostKeyRecord> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var (login, shown, known) = await LookAsync(input, cancellationToken).ConfigureAwait(false);
        if (login.Definition.HostKey is not null) return ListHostKeys.Pinned(login)!;
        var file = KnownHosts.Of(login, lab.BasePath);
        KnownHostLine[] others = input.Replace ? [.. known.Where(l => l.Key != shown.Key)] : [];
        if (others.Length > 0 || known.All(l => l.Key != shown.Key))
        {
            await file.WriteAsync(shown, cancellationToken).ConfigureAwait(false);
            context.SayActed();
        }

        var written = await file.FindAsync(login.KnownAs, cancellationToken).ConfigureAwait(false);
        if (written.FirstOrDefault(l => l.Vouches && l.Key == shown.Key) is not { } line || (input.Replace && written.Any(l => l.Vouches && l.Key != shown.Key)))
        {
            throw new HomelabException(ErrorKind.Failed, "HostKeyNotWritten", $"{file.Path} does not know {login.Host} by {shown.Fingerprint} after it was written. Look at it: other lines may mean that host.", login.Host);
        }

        return ListHostKeys.Known(login, line, file) with { Replaced = [.. others.Select(static l => l.Fingerprint)] };
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        var login = hosts.LoginOf(input.Host);
        if (login.Definition.HostKey is not null) return Settlement.DidNotHappen;
        var known = await KnownHosts.Of(login, lab.BasePath).FindAsync(login.KnownAs, cancellationToken).ConfigureAwait(false);
        return known.Any(l => l.Vouches && l.Fingerprint == input.Fingerprint) ? Settlement.Happened : Settlement.DidNotHappen;
    }

    // Everything that speaks against it, before and again when it is done: the host may show another key by then.
    private async Task<(SshLogin Login, HostKeyScan Shown, IReadOnlyList<KnownHostLine> Vouching)> LookAsync(Input input, CancellationToken cancellationToken)
    {
        var login = hosts.LoginOf(input.Host);
        var shown = await hosts.ScanAsync(login.Host, cancellationToken).ConfigureAwait(false);
        if (input.Fingerprint is { } wanted && wanted != shown.Fingerprint)
        {
            throw Refused(ErrorKind.Denied, "HostKeyMismatch", login, $"{login.Host} shows {shown.Fingerprint} ({shown.Type}), not {wanted}. Nothing was written.", "Compare with the key of that type at the machine itself. If they differ, somebody stands between.");
        }

        if (login.Definition.HostKey is { } pin && PublicKey.Read(pin)?.Key != shown.Key)
        {
            throw Refused(ErrorKind.Conflict, "HostKeyPinned", login, $"The lab file pins the key of {login.Host}, and it shows {shown.Fingerprint} ({shown.Type}). What is pinned is not overridden.", $"If the key is right, change hosts.{login.Host}.ssh.hostKey to: {shown.Type} {shown.Key}");
        }

        var file = KnownHosts.Of(login, lab.BasePath);
        var known = await file.FindAsync(login.KnownAs, cancellationToken).ConfigureAwait(false);
        if (known.FirstOrDefault(l => l.Marker == "@revoked" && l.Key == shown.Key) is { } revoked)
        {
            throw Refused(ErrorKind.Denied, "HostKeyRevoked", login, $"{login.Host} shows {shown.Fingerprint}, which line {revoked.Number} of {file.Path} revokes.", "Give the host a new key.");
        }

        KnownHostLine[] vouching = [.. known.Where(static l => l.Vouches)];
        var others = vouching.Where(l => l.Key != shown.Key);
        // A key that is known besides another one is known. A line that means several hosts is not ours to take away.
        var inTheWay = input.Replace ? others.FirstOrDefault(l => l.Means(login.KnownAs) == KnownHostMatch.Pattern) : vouching.Any(l => l.Key == shown.Key) ? null : others.FirstOrDefault();
        if (inTheWay is not null)
        {
            var wayOut = inTheWay.Means(login.KnownAs) == KnownHostMatch.Pattern
                ? "That line means several hosts: change it by hand."
                : "Compare the fingerprint at the machine itself. Only if it is the same, let the known key go with -Replace.";
            throw Refused(ErrorKind.Conflict, "HostKeyChanged", login, $"{login.Host} shows {shown.Fingerprint} ({shown.Type}), and line {inTheWay.Number} of {file.Path} knows it by {inTheWay.Fingerprint} ({inTheWay.Type}). Either it was set up anew, or somebody stands between.", wayOut);
        }

        return (login, shown, vouching);
    }

    private static HomelabException Refused(ErrorKind kind, string id, SshLogin login, string what, string wayOut) =>
        new(kind, id, $"{what} {wayOut}", login.Host) { WayOut = wayOut, NothingHappened = true };
}
