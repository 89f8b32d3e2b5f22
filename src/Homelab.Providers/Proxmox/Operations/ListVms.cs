using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Lists the guests of the cluster, or of one node.</summary>
/// <remarks>Proxmox API: <c>GET /cluster/resources?type=vm</c>, one call however many nodes there are. Needs VM.Audit; guests without it are left out, not refused.</remarks>
[Operation("proxmox_list_vms", Level.Monitor, Risk.Read, Aliases = ["list_vms", "get_vms"])]
[Description("Lists the virtual machines and containers of the Proxmox cluster: VMID, name, node, state, processor, memory, disk, uptime, tags.")]
[Example("Get-HlVm", "List every guest of the cluster.")]
[Example("Get-HlVm web* -State Running -Tag prod", "List the running ones whose name begins with web and that have a tag.")]
public sealed class ListVms(ProxmoxCluster cluster) : Query<ListVms.Input, Vm>
{
    /// <summary>Which guests.</summary>
    public sealed record Input
    {
        /// <summary>The name.</summary>
        [Subject, NameOf("vm"), Description("The name, a pattern with * and ?, the VMID, or node/VMID. All when not given.")]
        public string? Name { get; init; }

        /// <summary>The node.</summary>
        [NameOf("node"), Description("Only those on this node.")]
        public string? Node { get; init; }

        /// <summary>The state.</summary>
        [Description("Only those in this state. A paused guest is listed as running: its own node alone knows, which proxmox_vm_status asks.")]
        public VmState? State { get; init; }

        /// <summary>The kind.</summary>
        [Description("Only virtual machines (qemu), or only containers (lxc).")]
        public VmKind? Kind { get; init; }

        /// <summary>A tag.</summary>
        [Description("Only those with this tag; a pattern with * and ? is allowed.")]
        public string? Tag { get; init; }

        /// <summary>A pool.</summary>
        [Description("Only those of this pool.")]
        public string? Pool { get; init; }

        /// <summary>Templates too.</summary>
        [Description("Templates too, which are left out otherwise.")]
        public bool Template { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<Vm> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = await cluster.Vms.ListAsync(cancellationToken).ConfigureAwait(false);
        var pattern = input.Name is { Length: > 0 } name ? name : null;
        var reference = pattern is not null && !Wildcard.IsPattern(pattern) ? Reference(pattern) : null;
        var found = false;
        foreach (var vm in all)
        {
            if (reference is not null ? !VmDirectory.IsMeant(reference, vm) : pattern is not null && !Wildcard.Matches(pattern, vm.Name)) continue;
            found = true;
            // Whoever names a template means it.
            if (vm.Template && !input.Template && reference is null) continue;
            if (IsWanted(vm, input)) yield return vm;
        }

        if (found || reference is null) yield break;
        throw VmDirectory.NotFound(reference, all);
    }

    private static bool IsWanted(Vm vm, Input input) =>
        (input.Node is null || string.Equals(vm.Node, input.Node, StringComparison.OrdinalIgnoreCase))
        && (input.State is not { } state || vm.State == state)
        && (input.Kind is not { } kind || vm.Kind == kind)
        && (input.Pool is null || string.Equals(vm.Pool, input.Pool, StringComparison.OrdinalIgnoreCase))
        && (input.Tag is null || vm.Tags.Any(t => Wildcard.Matches(input.Tag, t)));

    private static VmRef Reference(string text) =>
        VmRef.TryParse(text, provider: null, out var reference)
            ? reference
            : throw new InputException([new InputProblem("name", text, "names no guest", "Give a name, a pattern with * and ?, a VMID, or node/VMID.")]);
}
