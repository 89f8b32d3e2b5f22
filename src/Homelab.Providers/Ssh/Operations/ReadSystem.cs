using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Ssh;

/// <summary>Asks hosts what they run, how long they have been up, how loaded they are and whether they want to be restarted.</summary>
/// <remarks>
/// One shell script over SSH, no root: <c>/proc</c>, <c>/etc/os-release</c>, <c>systemctl is-system-running</c>, <c>/run/reboot-required</c>, <c>needrestart</c>,
/// <c>needs-restarting</c>.
/// </remarks>
[Operation("system_info", Level.Monitor, Risk.Read)]
[Description("Tells what hosts run and how they are: system, kernel, uptime, load, memory, failed units, whether a restart is pending.")]
[Example("Get-HlHost", "Ask every host of the lab that can be logged in to.")]
[Example("Get-HlHost | Where-Object RebootPending", "Find those that want to be restarted.")]
public sealed class ReadSystem(IRemoteHosts hosts) : Query<ReadSystem.Input, HostSystem>
{
    /// <summary>Which hosts.</summary>
    public sealed record Input
    {
        /// <summary>The host.</summary>
        [Subject, NameOf("host"), Description("The host as the lab file names it, or a pattern with * and ?. All that can be logged in to when not given.")]
        public string? Host { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Read system", HostRound.About(input.Host));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<HostSystem> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var system in HostRound.AskAsync(hosts, input.Host, AskAsync, cancellationToken).ConfigureAwait(false)) yield return system;
    }

    private async Task<HostAnswer<HostSystem>> AskAsync(string host, CancellationToken cancellationToken) =>
        new([SystemReader.Read(await SystemReader.Script.RunAsync(hosts, host, cancellationToken).ConfigureAwait(false))]);
}
