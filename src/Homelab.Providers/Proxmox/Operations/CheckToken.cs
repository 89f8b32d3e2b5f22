using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Tells what the token by which Proxmox is asked may do, what is missing, and what is too much.</summary>
/// <remarks>
/// Proxmox API: <c>GET /access/permissions</c>, <c>/version</c>, <c>/cluster/resources?type=vm</c>, and the token itself where it may be read. Needs no right. The
/// CLI's <c>pveum user token permissions</c>.
/// </remarks>
[Operation("proxmox_check_token", Level.Monitor, Risk.Read)]
[Description("Tells what the token by which Proxmox is asked may do at each level, which rights are missing on which path, and which are too much.")]
[Example("Test-HlProxmoxToken -Level Operate", "Look whether the token fits a module that starts and stops guests.")]
[Example("Test-HlProxmoxToken | Where-Object Status -ne Ok", "Tell only what is missing, too much or not as it should be.")]
public sealed class CheckToken(ProxmoxCluster cluster) : Query<CheckToken.Input, TokenFinding>
{
    /// <summary>What the token is meant for.</summary>
    public sealed record Input
    {
        /// <summary>The level.</summary>
        [Description("The level that the token is meant for: what lower levels need must be there, and what only higher ones need is too much. All levels when not given.")]
        public Level? Level { get; init; }

        /// <summary>Commands in guests.</summary>
        [Description("The token is also meant to run commands in guests.")]
        public bool GuestExec { get; init; }

        /// <summary>Pending updates.</summary>
        [Description("The token is also meant to list the nodes' pending updates, for which Proxmox demands the right to change the nodes.")]
        public bool Update { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Check the rights of the Proxmox token", Target.Lab);

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<TokenFinding> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var finding in await new TokenReader(cluster.Wire).ReadAsync(input.Level, input.GuestExec, input.Update, cancellationToken).ConfigureAwait(false)) yield return finding;
    }
}
