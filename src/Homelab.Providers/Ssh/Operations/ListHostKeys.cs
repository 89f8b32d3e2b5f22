using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Ssh;

/// <summary>Lists the keys by which hosts are known: those that the lab file pins, and those of our file of known hosts. Connects to nothing.</summary>
/// <remarks>As <c>ssh-keygen -lF host -f known_hosts</c>.</remarks>
[Operation("ssh_list_host_keys", Level.Monitor, Risk.Read)]
[Description("Lists the SSH keys by which the hosts of the lab are known, with fingerprint and place. Connects to nothing.")]
[Example("Get-HlHostKey", "List the keys of all hosts.")]
[Example("Get-HlHostKey dev", "See by which key one host is known, and where that is written.")]
public sealed class ListHostKeys(SshHosts hosts, ProviderContext lab) : Query<ListHostKeys.Input, HostKeyRecord>
{
    /// <summary>Which hosts.</summary>
    public sealed record Input
    {
        /// <summary>The host.</summary>
        [Subject, NameOf("host"), Description("The host, as the lab file names it, or a pattern. All when not given.")]
        public string? Host { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("List host keys", input.Host is null ? Target.Lab : new Target("host", input.Host));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<HostKeyRecord> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IEnumerable<SshLogin> logins = input.Host is { } name && !Wildcard.IsPattern(name)
            ? [hosts.LoginOf(name)]
            : hosts.Hosts.Where(h => Wildcard.Matches(input.Host ?? "*", h)).Select(hosts.LoginOf);
        foreach (var login in logins)
        {
            if (login.Definition.HostKey is not null)
            {
                if (Pinned(login) is { } pinned) yield return pinned;
                continue;
            }

            var file = KnownHosts.Of(login, lab.BasePath);
            foreach (var line in (await file.FindAsync(login.KnownAs, cancellationToken).ConfigureAwait(false)).Where(static l => l.Vouches)) yield return Known(login, line, file);
        }
    }

    /// <summary>The key that the lab file pins; null where that is no key.</summary>
    internal static HostKeyRecord? Pinned(SshLogin login) => PublicKey.Read(login.Definition.HostKey ?? "") is { } key
        ? new HostKeyRecord { Host = login.Host, Address = login.KnownAs, Type = key.Type, Fingerprint = key.Fingerprint, IsPinned = true }
        : null;

    /// <summary>A key of the file.</summary>
    internal static HostKeyRecord Known(SshLogin login, KnownHostLine line, KnownHosts file) =>
        new() { Host = login.Host, Address = login.KnownAs, Type = line.Type, Fingerprint = line.Fingerprint, KnownHosts = file.Path, Line = line.Number };
}
