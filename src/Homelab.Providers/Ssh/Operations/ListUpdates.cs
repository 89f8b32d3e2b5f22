using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Ssh;

/// <summary>Lists the updates that hosts know of, by whatever tool keeps their packages.</summary>
/// <remarks>
/// <c>apt-get -s dist-upgrade</c>, <c>apk list --upgradable</c>, <c>zypper list-updates</c>, <c>dnf check-update</c>, <c>pacman -Qu</c> or <c>opkg list-upgradable</c> over SSH. No root
/// is needed, nothing is fetched, nothing is changed.
/// </remarks>
[Operation("host_updates", Level.Monitor, Risk.Read)]
[Description("Lists the package updates that hosts know of (apt, apk, zypper, dnf, pacman, opkg), which of them mend holes in security, and how old the lists are. Changes nothing.")]
[Example("Get-HlHostUpdate dev", "List the updates that wait on one host.")]
[Example("Get-HlHostUpdate | Where-Object Security | Group-Object Host", "Count the updates for security of every host.")]
public sealed class ListUpdates(IRemoteHosts hosts) : Query<ListUpdates.Input, HostUpdate>
{
    /// <summary>Which updates.</summary>
    public sealed record Input
    {
        /// <summary>The host.</summary>
        [Subject, NameOf("host"), Description("The host as the lab file names it, or a pattern with * and ?. All that can be logged in to when not given.")]
        public string? Host { get; init; }

        /// <summary>Only those for security.</summary>
        [Description("Only those that mend holes in security, where the tool tells.")]
        public bool Security { get; init; }

        /// <summary>How old the lists may be.</summary>
        [Description("How old the lists of a host may be. Older ones are told, with an error after them: what came since is not in them."), DurationRange("1h", "3650d")]
        public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(30);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("List updates", HostRound.About(input.Host));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<HostUpdate> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var update in HostRound.AskAsync(hosts, input.Host, AskAsync, cancellationToken).ConfigureAwait(false)) yield return update;

        async Task<HostAnswer<HostUpdate>> AskAsync(string host, CancellationToken ending)
        {
            var sections = await UpdateReader.Script.RunAsync(hosts, host, ending).ConfigureAwait(false);
            var (updates, listsAt) = UpdateReader.Read(sections);
            // Which of them are for security is not known here, and none is no answer to that.
            if (input.Security && updates.Count > 0 && updates.All(static u => u.Security is null)) throw SecurityNotTold(host, updates[0].Tool);
            var age = context.Time.GetUtcNow() - listsAt;
            return new HostAnswer<HostUpdate>([.. updates.Where(u => !input.Security || u.Security is true)], age > input.MaxAge ? TooOld(host, sections.Line("tool"), age) : null);
        }
    }

    private static HomelabException TooOld(string host, string tool, TimeSpan age) => HostErrors.Make(
        ErrorKind.Failed, "UpdateListsOld", $"The lists of packages of {host} are {(int)age.TotalDays} days old: what came since is not in them.", $"Let it fetch new ones: '{UpdateReader.Fetch(tool)}', as root.", host);

    private static HomelabException SecurityNotTold(string host, string tool) => HostErrors.Make(
        ErrorKind.Failed, "SecurityNotTold", $"{tool} on {host} does not tell which updates mend holes in security.", $"List all of them: Get-HlHostUpdate {host}.", host);
}
