using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Tells the network interfaces of a guest with the addresses it really has.</summary>
/// <remarks>
/// Proxmox API: <c>GET /nodes/{node}/qemu/{vmid}/agent/network-get-interfaces</c>, which needs VM.GuestAgent.Audit, before 9 VM.Monitor, and a guest agent;
/// <c>GET /nodes/{node}/lxc/{vmid}/interfaces</c>, which needs VM.Audit.
/// </remarks>
[Operation("proxmox_guest_network", Level.Monitor, Risk.Read)]
[Description("Tells the network interfaces of a guest of Proxmox with the IP addresses it really has: of a virtual machine by its guest agent, of a container by its node.")]
[Example("Get-HlGuestNetwork dev", "Show one guest's addresses.")]
[Example("Get-HlVm -State Running -Kind Lxc | Get-HlGuestNetwork", "Show the addresses of all containers that run.")]
public sealed class ReadGuestNetwork(ProxmoxCluster cluster) : Query<ReadGuestNetwork.Input, GuestInterface>
{
    /// <summary>Which guest.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>The loopback too.</summary>
        [Description("With the loopback interface, which is left out otherwise.")]
        public bool Loopback { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Read guest network", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<GuestInterface> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var vm = await cluster.Vms.FindAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        var interfaces = vm.Kind == VmKind.Qemu ? await AskAgentAsync(vm, cancellationToken).ConfigureAwait(false) : await AskNodeAsync(vm, cancellationToken).ConfigureAwait(false);
        var reference = new VmRef(vm);
        foreach (var wire in interfaces.Where(i => i.Name is { Length: > 0 } && (input.Loopback || !IsLoopback(i)))) yield return Read(reference, wire);
    }

    private async Task<InterfaceWire[]> AskAgentAsync(VmDetail vm, CancellationToken cancellationToken)
    {
        GuestAgent.Demand(vm, "reached by a guest agent");
        try
        {
            var answer = await cluster.Wire.GetAsync($"/nodes/{vm.Node}/qemu/{vm.Id}/agent/network-get-interfaces", ProxmoxJson.Default.AgentInterfacesWire, cancellationToken).ConfigureAwait(false);
            return answer.Result ?? [];
        }
        catch (HomelabException e) when (GuestAgent.IsSilent(e))
        {
            throw GuestAgent.Explain(e, vm);
        }
    }

    private async Task<InterfaceWire[]> AskNodeAsync(VmDetail vm, CancellationToken cancellationToken)
    {
        if (vm.State != VmState.Running) throw VmErrors.NotRunning(vm, $"Start-HlVm {vm.Id} starts it.");
        return await cluster.Wire.GetAsync($"/nodes/{vm.Node}/lxc/{vm.Id}/interfaces", ProxmoxJson.Default.InterfaceWireArray, cancellationToken).ConfigureAwait(false);
    }

    private static GuestInterface Read(VmRef vm, InterfaceWire wire) => new()
    {
        Vm = vm,
        Interface = wire.Name!,
        Mac = wire.HardwareAddress ?? wire.Mac ?? "",
        Addresses = [.. AddressesOf(wire)],
        Received = wire.Statistics?.Received,
        Sent = wire.Statistics?.Sent,
    };

    private static IEnumerable<string> AddressesOf(InterfaceWire wire)
    {
        // Before 8.4 a container's interface knew one address of each family.
        if (wire.Addresses is null) return new[] { wire.Inet, wire.Inet6 }.OfType<string>();
        return wire.Addresses.Where(static a => a.Address is { Length: > 0 })
            .Select(static a => a.Prefix is { } prefix ? string.Create(CultureInfo.InvariantCulture, $"{a.Address}/{prefix}") : a.Address!);
    }

    private static bool IsLoopback(InterfaceWire wire) => wire.Name is "lo" || wire.Name!.StartsWith("Loopback ", StringComparison.Ordinal);
}
