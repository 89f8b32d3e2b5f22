using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Tells what a guest does right now, as its own node sees it.</summary>
/// <remarks>Proxmox API: <c>GET /nodes/{node}/{qemu|lxc}/{vmid}/status/current</c>. Needs VM.Audit.</remarks>
[Operation("proxmox_vm_status", Level.Monitor, Risk.Read, Aliases = ["get_vm_status"])]
[Description("Tells what a guest of Proxmox does right now, asked of its own node: state, processor, memory, uptime, lock, guest agent, high availability.")]
[Example("Get-HlVmStatus dev", "Look at one guest.")]
[Example("Get-HlVm -Tag prod | Get-HlVmStatus", "Look at every guest that has a tag.")]
public sealed class ReadVmStatus(ProxmoxCluster cluster) : Query<ReadVmStatus.Input, VmDetail>
{
    /// <summary>Which guest.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Read guest status", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<VmDetail> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await cluster.Vms.FindAsync(input.Vm, cancellationToken).ConfigureAwait(false);
    }
}
