using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Tells how a guest is configured: processors, memory, disks, network, and what waits for its next start.</summary>
/// <remarks>Proxmox API: <c>GET /nodes/{node}/{qemu|lxc}/{vmid}/pending</c>. Needs VM.Audit. The CLI's <c>qm pending</c>, <c>pct pending</c>.</remarks>
[Operation("proxmox_vm_config", Level.Configure, Risk.Read)]
[Description("Tells how a guest of Proxmox is configured: processors, memory, disks, network, tags, protection, and which changes wait for its next start. Secrets are masked.")]
[Example("Get-HlVmConfig dev", "Look at one guest's configuration.")]
[Example("Get-HlVm | Get-HlVmConfig | Where-Object { $_.Pending }", "Find the guests that must be restarted before they are what they were set to be.")]
public sealed class ReadVmConfig(ProxmoxCluster cluster) : Query<ReadVmConfig.Input, VmConfig>
{
    /// <summary>Which guest.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Read guest configuration", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<VmConfig> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var vm = await cluster.Vms.FindAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        yield return await new VmConfigs(cluster).ReadAsync(vm, cancellationToken).ConfigureAwait(false);
    }
}
