using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Ssh;

/// <summary>Lists what is mounted on hosts, and whether the servers of network shares answer.</summary>
/// <remarks><c>/proc/mounts</c>, then <c>stat -f</c> on shares alone, all at once and each in a bounded time, over SSH.</remarks>
[Operation("host_mounts", Level.Monitor, Risk.Read)]
[Description("Lists what is mounted on hosts: source, type, options; and of network shares (NFS, SMB, SSHFS) the server and whether it answers or is stale.")]
[Example("Get-HlHostMount dev", "List what is mounted on one host.")]
[Example("Get-HlHostMount | Where-Object State -eq Stale", "Find shares whose server is gone.")]
public sealed class ListMounts(IRemoteHosts hosts) : Query<ListMounts.Input, HostMount>
{
    /// <summary>Which mounts.</summary>
    public sealed record Input
    {
        /// <summary>The host.</summary>
        [Subject, NameOf("host"), Description("The host as the lab file names it, or a pattern with * and ?. All that can be logged in to when not given.")]
        public string? Host { get; init; }

        /// <summary>All of them.</summary>
        [Description("Also what the kernel shows as files, what is in memory, and what is made of others.")]
        public bool All { get; init; }

        /// <summary>How long a server may be silent.</summary>
        [Description("How long a server may be silent before its share counts as stale."), DurationRange("1s", "20s")]
        public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("List mounts", HostRound.About(input.Host));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<HostMount> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var mount in HostRound.AskAsync(hosts, input.Host, AskAsync, cancellationToken).ConfigureAwait(false)) yield return mount;

        async Task<HostAnswer<HostMount>> AskAsync(string host, CancellationToken ending)
        {
            var seconds = Math.Ceiling(input.Patience.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return new HostAnswer<HostMount>(MountReader.Read(await MountReader.Script.RunAsync(hosts, host, ending, seconds).ConfigureAwait(false), input.Patience, input.All));
        }
    }
}
