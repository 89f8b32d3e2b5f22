using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Writes the lines that make a token with no more rights than a level needs. Runs nothing, and asks nobody.</summary>
/// <remarks>The CLI's <c>pveum role add</c>, <c>pveum user add</c>, <c>pveum user token add</c>, <c>pveum acl modify</c>, as a node of 8.4 or 9.x understands them.</remarks>
[Operation("proxmox_token_script", Level.Monitor, Risk.Read)]
[Description("Writes the pveum lines that make a Proxmox user, a role and an API token with no more rights than a level needs. A person runs them on a node as root.")]
[Example("New-HlProxmoxTokenScript -Level Operate", "Write the lines for a token that starts and stops guests.")]
[Example("New-HlProxmoxTokenScript -Level Manage -Path /pool/homelab | ssh root@pve bash", "Make a token for the guests of one pool.")]
public sealed class WriteTokenScript : Query<WriteTokenScript.Input, string>
{
    /// <summary>What the token is for.</summary>
    public sealed record Input
    {
        /// <summary>The level.</summary>
        [Description("The level that the token is for: monitor, operate, configure or manage. Each includes the ones before.")]
        public Level Level { get; init; } = Level.Monitor;

        /// <summary>The path.</summary>
        [Description("Where its rights on guests and storages hold: / for all, /pool/name for the guests and storages of a pool, /vms/100 for one guest."),
            RegularExpression(@"^(/|/pool/[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*)*|/vms/[1-9][0-9]{2,8})$")]
        public string Path { get; init; } = "/";

        /// <summary>The user.</summary>
        [Description("The user to make: a name and its realm."), RegularExpression(@"^[A-Za-z0-9][A-Za-z0-9_.-]*@[A-Za-z][A-Za-z0-9_.-]*$")]
        public string User { get; init; } = "homelab@pve";

        /// <summary>The token.</summary>
        [Description("The name of the token."), RegularExpression(@"^[A-Za-z][A-Za-z0-9_.-]*$")]
        public string TokenName { get; init; } = "module";

        /// <summary>Commands in guests.</summary>
        [Description("Also the right to run commands in guests, which is all that root may do there.")]
        public bool GuestExec { get; init; }

        /// <summary>Pending updates.</summary>
        [Description("Also the right to list the nodes' pending updates, which is the right to change the nodes.")]
        public bool Update { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Write the lines that make a Proxmox token", Target.Lab);

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<string> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (input.Level == Level.None) throw new InputException([new InputProblem("level", "none", "needs no token", "Give monitor, operate, configure or manage.")]);
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var line in TokenScript.Write(input)) yield return line;
    }
}
