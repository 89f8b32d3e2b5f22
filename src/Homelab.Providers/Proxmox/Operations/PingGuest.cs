using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Tells whether a virtual machine's guest agent answers, and why not.</summary>
/// <remarks>Proxmox API: <c>POST /nodes/{node}/qemu/{vmid}/agent/ping</c>. Needs VM.GuestAgent.Audit, before 9 VM.Monitor. The CLI's <c>qm agent … ping</c>.</remarks>
[Operation("proxmox_guest_ping", Level.Monitor, Risk.Read)]
[Description("Tells whether the guest agent of a virtual machine of Proxmox answers, how fast, and otherwise why not. That it does not answer is a finding, no error.")]
[Example("Test-HlGuestAgent dev", "Ask one agent.")]
[Example("Get-HlVm -Kind Qemu -State Running | Test-HlGuestAgent | Where-Object Answers -eq $false", "Find the virtual machines that run without one.")]
public sealed class PingGuest(ProxmoxCluster cluster) : Query<PingGuest.Input, GuestAgentCheck>
{
    /// <summary>Which guest.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The virtual machine: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Ask guest agent", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<GuestAgentCheck> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var vm = await cluster.Vms.FindAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        if (vm.Kind != VmKind.Qemu) throw VmErrors.OnlyForQemu(vm, "reached by a guest agent");
        var check = new GuestAgentCheck { Vm = new VmRef(vm), Answers = false, Enabled = vm.AgentEnabled };
        if (vm.State != VmState.Running) yield return check with { Reason = $"The guest is {HomelabNames.Of(vm.State)}." };
        else if (!vm.AgentEnabled) yield return check with { Reason = $"It is switched off in the configuration. {GuestAgent.SwitchOn(vm)}" };
        else yield return await AskAsync(vm, check, context, cancellationToken).ConfigureAwait(false);
    }

    private async Task<GuestAgentCheck> AskAsync(VmDetail vm, GuestAgentCheck check, OperationContext context, CancellationToken cancellationToken)
    {
        var began = context.Time.GetTimestamp();
        try
        {
            await cluster.Wire.PostAsync($"/nodes/{vm.Node}/qemu/{vm.Id}/agent/ping", [], ProxmoxJson.Default.AgentPingWire, cancellationToken).ConfigureAwait(false);
            return check with { Answers = true, Elapsed = context.Time.GetElapsedTime(began) };
        }
        catch (HomelabException e) when (GuestAgent.IsSilent(e))
        {
            return check with { Reason = $"It does not answer. {GuestAgent.Remedy}" };
        }
    }
}
