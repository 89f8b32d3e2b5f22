using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Lists the snapshots of a guest as a tree: each after the one that it was made after.</summary>
/// <remarks>Proxmox API: <c>GET /nodes/{node}/{qemu|lxc}/{vmid}/snapshot</c>. Needs VM.Audit. The CLI's <c>qm listsnapshot</c>, <c>pct listsnapshot</c>.</remarks>
[Operation("proxmox_list_snapshots", Level.Configure, Risk.Read)]
[Description("Lists the snapshots of a guest of Proxmox: name, when it was made, after which other, with memory or without, and which one the guest is at.")]
[Example("Get-HlSnapshot dev", "List the snapshots of one guest.")]
[Example("Get-HlVm | Get-HlSnapshot | Where-Object CreatedAt -lt (Get-Date).AddDays(-30)", "Find snapshots older than a month, of all guests.")]
public sealed class ListSnapshots(ProxmoxCluster cluster) : Query<ListSnapshots.Input, VmSnapshot>
{
    /// <summary>Which snapshots.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>The name.</summary>
        [NameOf("snapshot"), Description("Only the snapshot of this name; a pattern with * and ? is allowed.")]
        public string? Name { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("List snapshots of guest", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<VmSnapshot> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var vm = await cluster.Vms.FindAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        var all = await SnapshotTree.ReadAsync(cluster.Wire, new VmRef(vm), VmPlace.Of(vm), cancellationToken).ConfigureAwait(false);
        var found = all.Where(s => input.Name is null || Wildcard.Matches(input.Name, s.Name)).ToArray();
        if (found.Length == 0 && input.Name is { } name && !Wildcard.IsPattern(name)) throw SnapshotTree.NotFound(all, new VmRef(vm), name);
        foreach (var snapshot in found) yield return snapshot;
    }
}
