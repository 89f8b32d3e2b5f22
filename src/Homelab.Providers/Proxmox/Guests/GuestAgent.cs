namespace Homelab.Providers.Proxmox;

/// <summary>The guest agent of virtual machines: whether it can be asked, and what it says when it cannot.</summary>
internal sealed class GuestAgent(ProxmoxCluster cluster)
{
    /// <summary>Finds a virtual machine that runs and whose agent is switched on.</summary>
    /// <exception cref="HomelabException"><c>VmIsContainer</c> (Invalid), <c>VmNotRunning</c>, <c>VmPaused</c>, <c>GuestAgentOff</c> (Conflict).</exception>
    internal async Task<VmDetail> FindAsync(VmRef reference, string deed, CancellationToken cancellationToken)
    {
        var vm = await cluster.Vms.FindAsync(reference, cancellationToken).ConfigureAwait(false);
        Demand(vm, deed);
        return vm;
    }

    /// <inheritdoc cref="FindAsync"/>
    internal static void Demand(VmDetail vm, string deed)
    {
        if (vm.Kind != VmKind.Qemu) throw VmErrors.OnlyForQemu(vm, deed);
        if (vm.State == VmState.Paused) throw VmErrors.IsPaused(vm);
        if (vm.State != VmState.Running) throw VmErrors.NotRunning(vm, $"Start-HlVm {vm.Id} starts it.");
        if (!vm.AgentEnabled) throw Off(vm);
    }

    /// <summary>True when Proxmox says that the agent does not answer: it asks before it does anything else.</summary>
    internal static bool IsSilent(HomelabException e) => e.Message.Contains("guest agent is not running", StringComparison.OrdinalIgnoreCase) || IsOff(e);

    /// <summary>The same in our words; other failures as they are.</summary>
    internal static HomelabException Explain(HomelabException e, Vm vm) =>
        !IsSilent(e) ? e
        : IsOff(e) ? Off(vm)
        : new HomelabException(ErrorKind.Conflict, "GuestAgentSilent", $"The guest agent of {vm} does not answer. {Remedy}", vm.ToString(), e) { WayOut = Remedy, NothingHappened = true };

    /// <summary>What helps where it does not answer.</summary>
    internal const string Remedy = "Install and start qemu-guest-agent in the guest; where the agent was switched on while the guest ran, restart the guest.";

    /// <summary>What helps where it is switched off.</summary>
    internal static string SwitchOn(Vm vm) => $"On the node: qm set {vm.Id} --agent enabled=1, then restart the guest.";

    private static bool IsOff(HomelabException e) => e.Message.Contains("No QEMU guest agent configured", StringComparison.OrdinalIgnoreCase);

    private static HomelabException Off(Vm vm)
    {
        var wayOut = SwitchOn(vm);
        return new HomelabException(ErrorKind.Conflict, "GuestAgentOff", $"The guest agent of {vm} is switched off in its configuration. {wayOut}", vm.ToString()) { WayOut = wayOut, NothingHappened = true };
    }
}
