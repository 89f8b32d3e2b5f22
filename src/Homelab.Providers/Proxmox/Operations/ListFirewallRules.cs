using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Lists the rules of a guest's firewall, and tells of each whether it has any effect.</summary>
/// <remarks>Proxmox API: <c>GET /nodes/{node}/{qemu|lxc}/{vmid}/firewall/rules</c>, <c>…/firewall/options</c>, <c>/cluster/firewall/options</c>. Needs VM.Audit, and Sys.Audit on / for the last.</remarks>
[Operation("proxmox_list_firewall_rules", Level.Configure, Risk.Read)]
[Description("Lists the rules of a Proxmox guest's firewall in the order in which they decide, and tells of each whether it has any effect.")]
[Example("Get-HlVmFirewallRule dev", "List the rules of one guest.")]
[Example("Get-HlVm -Tag prod | Get-HlVmFirewallRule | Where-Object Ineffective", "List the rules that do nothing, of every guest that has a tag.")]
public sealed class ListFirewallRules(ProxmoxCluster cluster) : Query<ListFirewallRules.Input, VmFirewallRule>
{
    /// <summary>Whose rules.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("List firewall rules of guest", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<VmFirewallRule> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var vm = await cluster.Vms.FindAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        foreach (var rule in await new VmFirewall(cluster.Wire, vm).ReadAsync(cancellationToken).ConfigureAwait(false)) yield return rule;
    }
}
