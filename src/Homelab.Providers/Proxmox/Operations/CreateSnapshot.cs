using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Providers.Proxmox;

/// <summary>Makes a snapshot of a guest, to which it can return.</summary>
/// <remarks>
/// Proxmox API: <c>POST /nodes/{node}/{qemu|lxc}/{vmid}/snapshot</c>, its task, then the list of snapshots; before that <c>…/feature?feature=snapshot</c>. Needs
/// VM.Snapshot. The CLI's <c>qm snapshot</c>, <c>pct snapshot</c>.
/// </remarks>
[Operation("proxmox_create_snapshot", Level.Manage, Risk.Change, Unattended = Requirement.Ask, Patience = "24h")]
[Description("Makes a snapshot of a guest of Proxmox, with its memory if wanted, and waits until it is there. It lies on the same storage as the guest: it is no backup.")]
[Example("New-HlSnapshot dev before-upgrade", "Make a snapshot before something risky.")]
[Example("New-HlSnapshot dev before-upgrade -WithMemory -Description 'before 12.1'", "Keep the memory too, so that a return goes on running where it was.")]
public sealed class CreateSnapshot(ProxmoxCluster cluster) : Change<CreateSnapshot.Input, VmSnapshot>
{
    /// <summary>Which snapshot.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>The name.</summary>
        [Description("The name of the snapshot: a letter, then letters, digits, - and _; from 2 to 40."), RegularExpression("^[A-Za-z][A-Za-z0-9_-]{1,39}$")]
        public required string Name { get; init; }

        /// <summary>What it is for.</summary>
        [Description("What it is for."), StringLength(8192)]
        public string? Description { get; init; }

        /// <summary>The memory too.</summary>
        [Description("Keep the memory too: a return goes on running where it was. Takes as much space as the guest has memory; for virtual machines that run.")]
        public bool WithMemory { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take."), DurationRange("1s", "24h")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

        /// <summary>Leaves at once.</summary>
        [Description("Do not wait: return as soon as Proxmox has taken it, with the task that does it.")]
        public bool NoWait { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new($"Make snapshot '{input.Name}' of guest", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        if (input.Name == SnapshotTree.Current) throw new InputException([new InputProblem("name", SnapshotTree.Current, "is Proxmox's own word for the present state", "Give another name.")]);
        var vm = await new VmChange(cluster, context).PrepareAsync(input.Vm, lockAllowed: null, cancellationToken).ConfigureAwait(false);
        if (vm.Template) throw VmErrors.IsTemplate(vm, "snapshotted");
        if (input.WithMemory && vm.Kind == VmKind.Lxc) throw VmErrors.OnlyForQemu(vm, "snapshotted with its memory");
        if (input.WithMemory && vm.State == VmState.Stopped) throw VmErrors.NotRunning(vm, "It has no memory to keep: leave WithMemory out.");
        var place = VmPlace.Of(vm);
        var known = await SnapshotTree.ReadAsync(cluster.Wire, new VmRef(vm), place, cancellationToken).ConfigureAwait(false);
        if (known.Any(s => s.Name == input.Name)) throw Exists(vm, input.Name);
        var feature = await cluster.Wire.GetAsync($"/nodes/{place.Node}/{place.Word}/{place.Id}/feature", new ProxmoxForm { { "feature", "snapshot" } }, ProxmoxJson.Default.FeatureWire, cancellationToken).ConfigureAwait(false);
        if (feature.HasFeature is false) throw NotOffered(vm);
        return VmTarget.Prepare(vm, input with { Vm = new VmRef(vm) }) with { Mark = new PlaceMark(place).ToString() };
    }

    /// <inheritdoc/>
    protected override async Task<VmSnapshot> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var vm = await new VmChange(cluster, context).LookAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        var place = VmPlace.Of(vm);
        var course = new TaskCourse($"Making snapshot {input.Name} of {input.Vm.Label}", input.Timeout, input.NoWait);
        if (vm is { State: VmState.Running, Kind: VmKind.Qemu, AgentEnabled: false } && !input.WithMemory)
        {
            context.Report(course.Activity, "its guest agent is off: what its system has not written yet is missing in the snapshot, as after a power failure");
        }

        var form = new ProxmoxForm { { "snapname", input.Name }, { "description", input.Description }, { "vmstate", input.WithMemory ? true : (bool?)null } };
        var task = await new TaskedChange(cluster, context).FollowAsync(HttpMethod.Post, $"/nodes/{place.Node}/{place.Word}/{place.Id}/snapshot", form, course, cancellationToken).ConfigureAwait(false);
        if (input.NoWait) return new VmSnapshot { Vm = input.Vm, Name = input.Name, Description = input.Description ?? "", WithMemory = input.WithMemory, Task = task };
        var seen = await SnapshotTree.ReadAsync(cluster.Wire, input.Vm, place, cancellationToken).ConfigureAwait(false);
        return seen.FirstOrDefault(s => s.Name == input.Name) is { } made ? made with { Task = task } : throw NotSeen(vm, input.Name);
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (PlaceMark.Read(mark) is not { Place: var place }) return Settlement.Unknown;
        return await new TaskedChange(cluster, context).SettleAsync(
            place,
            async () => (await SnapshotTree.ReadAsync(cluster.Wire, input.Vm, place, cancellationToken).ConfigureAwait(false)).Any(s => s.Name == input.Name),
            cancellationToken).ConfigureAwait(false);
    }

    private static HomelabException Exists(Vm vm, string name) =>
        new(ErrorKind.Conflict, "SnapshotExists", $"Guest {vm} has a snapshot '{name}' already. Give another name, or remove that one: Remove-HlSnapshot {vm.Id} {name}.", name) { NothingHappened = true };

    private static HomelabException NotOffered(Vm vm) => new(
        ErrorKind.Conflict,
        "SnapshotNotSupported",
        $"Guest {vm} has a disk that cannot be snapshotted: its storage or format does not offer it (qcow2 files, ZFS, LVM-thin, Ceph and Btrfs do), or it is passed through. Back it up in place: Backup-HlVm {vm.Id}.",
        vm.ToString())
    { NothingHappened = true };

    private static HomelabException NotSeen(Vm vm, string name) =>
        new(ErrorKind.Failed, "SnapshotNotSeen", $"The task that made snapshot '{name}' of {vm} ended well, and the snapshot is not listed. Look at Get-HlTask -Vm {vm.Id}.", name);
}
