using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Providers.Proxmox;

/// <summary>Copies a guest, or makes a new one from a template.</summary>
/// <remarks>
/// Proxmox API: <c>GET /cluster/nextid</c>, <c>POST /nodes/{node}/{qemu|lxc}/{vmid}/clone</c>, its task, then <c>status/current</c> of the new guest. Needs VM.Clone on the
/// guest, VM.Allocate on the new VMID or its pool, Datastore.AllocateSpace on the storage. The CLI's <c>qm clone</c>, <c>pct clone</c>.
/// </remarks>
[Operation("proxmox_clone_vm", Level.Manage, Risk.Change, Unattended = Requirement.Ask, Patience = "24h")]
[Description("Copies a guest of Proxmox, or makes a new one from a template, and waits until it is there. It is off, with new network addresses. A template is copied linked unless a full copy is asked for.")]
[Example("Copy-HlVm debian-13 -Name web-2", "Make a guest from a template.")]
[Example("Copy-HlVm dev -Name dev-test -Snapshot before-upgrade -Storage fast", "Copy a guest as it was at a snapshot, to another storage.")]
public sealed class CloneVm(ProxmoxCluster cluster) : Change<CloneVm.Input, VmDetail>
{
    /// <summary>What to copy.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest or template to copy: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>The new name.</summary>
        [Description("The name of the new guest: letters, digits, - and dots."), RegularExpression(VmNames.Pattern), StringLength(253)]
        public string? Name { get; init; }

        /// <summary>The new VMID.</summary>
        [Description("The VMID of the new guest. The next free one when not given."), Range(100, 999_999_999)]
        public int? Id { get; init; }

        /// <summary>A full copy of a template.</summary>
        [Description("Copy a template in full. Without this its copy is linked: made at once, small, and dependent on the template. A guest that is no template is always copied in full.")]
        public bool Full { get; init; }

        /// <summary>The storage.</summary>
        [NameOf("storage"), Description("The storage for the disks of a full copy. Where the originals are when not given.")]
        public string? Storage { get; init; }

        /// <summary>The node.</summary>
        [NameOf("node"), Description("The node for the new guest; its disks must lie on a shared storage. The same node when not given.")]
        public string? TargetNode { get; init; }

        /// <summary>The snapshot.</summary>
        [NameOf("snapshot"), Description("Copy the guest as it was at this snapshot.")]
        public string? Snapshot { get; init; }

        /// <summary>The pool.</summary>
        [Description("The pool for the new guest.")]
        public string? Pool { get; init; }

        /// <summary>What it is for.</summary>
        [Description("What the new guest is for."), StringLength(8192)]
        public string? Description { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take."), DurationRange("1s", "24h")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(2);

        /// <summary>Leaves at once.</summary>
        [Description("Do not wait: return as soon as Proxmox has taken it, with the task that does it.")]
        public bool NoWait { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new(input.Name is { } name ? $"Make '{name}' as a copy of guest" : "Copy guest", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var vm = await new VmChange(cluster, context).PrepareAsync(input.Vm, lockAllowed: null, cancellationToken).ConfigureAwait(false);
        if (vm.Template && !input.Full && input.Storage is { } storage)
        {
            throw new InputException([new InputProblem("storage", storage, "cannot be chosen for a linked copy, which lies where its template is", "Ask for a full copy (full), or leave the storage out.")]);
        }

        if (input.Snapshot is { } snapshot) SnapshotTree.Find(await SnapshotTree.ReadAsync(cluster.Wire, new VmRef(vm), VmPlace.Of(vm), cancellationToken).ConfigureAwait(false), new VmRef(vm), snapshot);
        await new VmIds(cluster).CheckNameAsync(input.Name, cancellationToken).ConfigureAwait(false);
        var id = await new VmIds(cluster).ChooseAsync(input.Id, cancellationToken).ConfigureAwait(false);
        var made = new VmPlace(input.TargetNode ?? vm.Node, vm.Kind, id);
        // The source is where the task acts.
        return VmTarget.Prepare(vm, input with { Vm = new VmRef(vm) }) with { Mark = new PlaceMark(made, vm.Node).ToString() };
    }

    /// <inheritdoc/>
    protected override async Task<VmDetail> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var source = await new VmChange(cluster, context).LookAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        var from = VmPlace.Of(source);
        var made = PlaceMark.Of(context).Place;
        var full = input.Full || !source.Template;
        var form = new ProxmoxForm
        {
            { "newid", made.Id },
            { from.Kind == VmKind.Qemu ? "name" : "hostname", input.Name },
            { "full", full },
            { "storage", input.Storage },
            { "target", made.Node == from.Node ? null : made.Node },
            { "snapname", input.Snapshot },
            { "pool", input.Pool },
            { "description", input.Description },
        };
        var course = new TaskCourse($"Copying {input.Vm.Label} to {made.Id}", input.Timeout, input.NoWait);
        var task = await new TaskedChange(cluster, context).FollowAsync(HttpMethod.Post, $"/nodes/{from.Node}/{from.Word}/{from.Id}/clone", form, course, cancellationToken).ConfigureAwait(false);
        return await new VmIds(cluster).ReadMadeAsync(made, input.Name, task, input.NoWait, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (PlaceMark.Read(mark) is not { } made || input.Vm.Id is not { } source) return Settlement.Unknown;
        return await new TaskedChange(cluster, context).SettleAsync(
            made.Place with { Node = made.Note, Id = source },
            () => new VmIds(cluster).IsMadeAsync(made.Place, input.Name, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }
}
