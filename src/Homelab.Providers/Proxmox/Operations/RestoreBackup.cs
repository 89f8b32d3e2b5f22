using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>Makes a guest from a backup: a new one beside what there is, or in place of a guest that is named.</summary>
/// <remarks>
/// Proxmox API: <c>POST /nodes/{node}/qemu</c> with <c>archive</c>, <c>POST /nodes/{node}/lxc</c> with <c>ostemplate</c> and <c>restore=1</c>; <c>force=1</c> in place of a guest; its
/// task, then <c>status/current</c>. A new name is set afterwards by <c>PUT …/config</c>. Needs VM.Allocate on the VMID (VM.Backup is enough in place of a guest) and
/// Datastore.AllocateSpace on the storages. The CLI's <c>qmrestore</c>, <c>pct restore</c>.
/// </remarks>
[Operation("proxmox_restore_backup", Level.Manage, Risk.Destroy, Unattended = Requirement.AskTwice, Patience = "24h")]
[Description("Makes a guest of Proxmox from a backup and waits until it is there: a new one under a free VMID, or in place of an existing guest, whose disks are lost then.")]
[Example("Get-HlBackup dev | Select-Object -First 1 | Restore-HlVm -Name dev-check -Unique", "Look into a backup, beside the guest itself.")]
[Example("Restore-HlVm local:backup/vzdump-qemu-100-2026_11_21-00_35_24.vma.zst -Overwrite dev -ForceStop -Start", "Put a backup in place of the guest.")]
public sealed class RestoreBackup(ProxmoxCluster cluster) : Change<RestoreBackup.Input, VmDetail>
{
    /// <summary>What to restore.</summary>
    public sealed record Input
    {
        /// <summary>The backup.</summary>
        [Subject, Description("The backup: its volume id, or node/volume id, as backups are listed.")]
        public required BackupRef Backup { get; init; }

        /// <summary>The guest to overwrite.</summary>
        [Description("Put it in place of this guest, which is lost then: name, VMID, or node/VMID. Without this a new guest is made.")]
        public VmRef? Overwrite { get; init; }

        /// <summary>Switches that guest off.</summary>
        [Description("Switch the guest that is overwritten off, if it runs. Without this a running guest is a conflict.")]
        public bool ForceStop { get; init; }

        /// <summary>The new VMID.</summary>
        [Description("The VMID of the new guest. The next free one when not given."), Range(100, 999_999_999)]
        public int? Id { get; init; }

        /// <summary>The new name.</summary>
        [Description("The name for the guest, in place of the one in the backup: letters, digits, - and dots."), RegularExpression(VmNames.Pattern), StringLength(253)]
        public string? Name { get; init; }

        /// <summary>The node.</summary>
        [NameOf("node"), Description("The node for the new guest; it must be able to read the backup. The one that was named with the backup, or any that can, when not given.")]
        public string? Node { get; init; }

        /// <summary>The storage.</summary>
        [NameOf("storage"), Description("The storage for its disks. Where they were when not given.")]
        public string? Storage { get; init; }

        /// <summary>New network addresses.</summary>
        [Description("Give it new network addresses (MAC), so that it can run beside the guest that it was made from.")]
        public bool Unique { get; init; }

        /// <summary>Starts it.</summary>
        [Description("Start it afterwards.")]
        public bool Start { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take."), DurationRange("1s", "24h")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(4);

        /// <summary>Leaves at once.</summary>
        [Description("Do not wait: return as soon as Proxmox has taken it, with the task that does it. Not together with a name, which is set when it has ended.")]
        public bool NoWait { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        if (input.Overwrite is { } vm) return new($"Lose it and put backup {input.Backup.VolumeId} in its place, guest", VmTarget.Of(vm));
        var id = input.Id?.ToString(CultureInfo.InvariantCulture);
        return new($"Restore backup {input.Backup.VolumeId} as new guest", new Target("vm", input.Name ?? id ?? $"new from {input.Backup.Storage}", input.Node) { Aliases = id is null ? [] : [id] });
    }

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        if (input is { Overwrite: not null, Id: not null } or { Overwrite: not null, Node: not null })
        {
            throw new InputException([new InputProblem(input.Id is null ? "node" : "id", input.Node ?? input.Id?.ToString(CultureInfo.InvariantCulture), "cannot be chosen together with overwrite", "Leave one of them out: what is overwritten keeps its VMID and node.")]);
        }

        if (input is { NoWait: true, Name: { } name }) throw new InputException([new InputProblem("name", name, "is set when the task has ended, which is not waited for", "Leave the name or noWait out.")]);
        var kind = KindOf(input.Backup);
        return input.Overwrite is { } vm
            ? await PrepareOverAsync(input, vm, kind, context, cancellationToken).ConfigureAwait(false)
            : await PrepareNewAsync(input, kind, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task<VmDetail> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var began = context.Time.GetTimestamp();
        var mark = PlaceMark.Of(context);
        var place = mark.Place;
        if (input.Overwrite is { } vm) await StopAsync(input, vm, context, cancellationToken).ConfigureAwait(false);

        var isQemu = place.Kind == VmKind.Qemu;
        var form = new ProxmoxForm
        {
            { "vmid", place.Id },
            { isQemu ? "archive" : "ostemplate", input.Backup.VolumeId },
            { "restore", isQemu ? null : (bool?)true },
            { "force", input.Overwrite is null ? null : (bool?)true },
            { "storage", input.Storage },
            { "unique", input.Unique ? true : (bool?)null },
            // A name is set before the first start: a system may take it from there.
            { "start", input.Start && input.Name is null ? true : (bool?)null },
        };
        var course = new TaskCourse($"Restoring {input.Backup.VolumeId} as {place.Id}", input.Timeout, input.NoWait);
        var task = await new TaskedChange(cluster, context).FollowAsync(HttpMethod.Post, $"/nodes/{place.Node}/{place.Word}", form, course, cancellationToken).ConfigureAwait(false);
        if (input.NoWait) return await new VmIds(cluster).ReadMadeAsync(place, name: null, task, noWait: true, cancellationToken).ConfigureAwait(false);
        if (input.Name is { } name)
        {
            await cluster.Wire.ChangeAsync(HttpMethod.Put, $"/nodes/{place.Node}/{place.Word}/{place.Id}/config", new ProxmoxForm { { isQemu ? "name" : "hostname", name } }, cancellationToken).ConfigureAwait(false);
        }

        var left = input.Timeout - context.Time.GetElapsedTime(began);
        var seen = new VmCourse(
            course.Activity,
            input.Start ? "running" : "unlocked",
            v => v.Lock is null && (!input.Start || v.State == VmState.Running) && (input.Name is null || v.Name == input.Name),
            left > TimeSpan.Zero ? left : TimeSpan.Zero,
            NoWait: false);
        var change = new VmChange(cluster, context);
        if (input is not { Start: true, Name: not null }) return await change.EndAsync(place, upid: null, seen, cancellationToken).ConfigureAwait(false) with { Task = task };
        var off = await cluster.Vms.LookAsync(place, cancellationToken).ConfigureAwait(false);
        return await change.PowerAsync(off, "start", [], seen, cancellationToken).ConfigureAwait(false) with { Task = task };
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (PlaceMark.Read(mark) is not { } before) return Settlement.Unknown;
        var change = new TaskedChange(cluster, context);
        return await change.SettleAsync(
            before.Place,
            () => input.Overwrite is null ? new VmIds(cluster).IsMadeAsync(before.Place, input.Name, cancellationToken) : IsPutInPlaceAsync(),
            cancellationToken).ConfigureAwait(false);

        // The task itself tells, but only of the disks: switching off came before it, name and start come after.
        async Task<bool?> IsPutInPlaceAsync() => await change.HasRunAsync(before, TypeOf(before.Place), cancellationToken).ConfigureAwait(false) switch
        {
            true when input is { Name: null, Start: false } => true,
            false when !input.ForceStop => false,
            _ => null,
        };
    }

    private async Task<Prepared<Input>> PrepareOverAsync(Input input, VmRef reference, VmKind kind, OperationContext context, CancellationToken cancellationToken)
    {
        var vm = await new VmChange(cluster, context).PrepareAsync(reference, lockAllowed: null, cancellationToken).ConfigureAwait(false);
        if (vm.Kind != kind) throw OtherKind(vm, input.Backup);
        if (vm.State != VmState.Stopped && !input.ForceStop) throw Running(vm);
        await new VmObstacles(cluster.Wire).CheckProtectionAsync(vm, "overwritten", cancellationToken).ConfigureAwait(false);
        var backup = await new BackupShelf(cluster.Wire).FindAsync(input.Backup, vm.Node, cancellationToken).ConfigureAwait(false);
        var place = VmPlace.Of(vm);
        var newest = await new TaskedChange(cluster, context).NewestAsync(place, TypeOf(place), cancellationToken).ConfigureAwait(false);
        return VmTarget.Prepare(vm, input with { Backup = new BackupRef(backup), Overwrite = new VmRef(vm) }) with { Mark = new PlaceMark(place, newest?.Upid ?? "").ToString() };
    }

    private async Task<Prepared<Input>> PrepareNewAsync(Input input, VmKind kind, CancellationToken cancellationToken)
    {
        var backup = await new BackupShelf(cluster.Wire).FindAsync(input.Backup, input.Node ?? input.Backup.Node, cancellationToken).ConfigureAwait(false);
        await new VmIds(cluster).CheckNameAsync(input.Name, cancellationToken).ConfigureAwait(false);
        var id = await new VmIds(cluster).ChooseAsync(input.Id, cancellationToken).ConfigureAwait(false);
        // What it is put on is part of what is agreed to; the VMID, which may be another a minute later, is not.
        return new Prepared<Input>(input with { Backup = new BackupRef(backup), Node = backup.Node }, new PlaceMark(new VmPlace(backup.Node, kind, id)).ToString());
    }

    private async Task StopAsync(Input input, VmRef vm, OperationContext context, CancellationToken cancellationToken)
    {
        var change = new VmChange(cluster, context);
        var before = await change.LookAsync(vm, cancellationToken).ConfigureAwait(false);
        if (before.State == VmState.Stopped) return;
        if (!input.ForceStop) throw Running(before);
        var course = new VmCourse($"Switching off {vm.Label}", "stopped", static v => v.State == VmState.Stopped, TimeSpan.FromMinutes(1), NoWait: false);
        await change.PowerAsync(before, "stop", [], course, cancellationToken).ConfigureAwait(false);
    }

    private static string TypeOf(VmPlace place) => place.Kind == VmKind.Qemu ? "qmrestore" : "vzrestore";

    private static VmKind KindOf(BackupRef backup) => BackupReader.OfName(backup.VolumeId).Kind
        ?? throw new InputException([new InputProblem("backup", backup.VolumeId, "does not tell whether it is of a virtual machine or a container", "Give a backup as Get-HlBackup lists it.")]);

    private static HomelabException Running(Vm vm) =>
        new(ErrorKind.Conflict, "VmRunning", $"Guest {vm} is {HomelabNames.Of(vm.State)}, and would be overwritten. Stop it (Stop-HlVm {vm.Id}), or have it switched off: -ForceStop.", vm.ToString()) { NothingHappened = true };

    private static HomelabException OtherKind(Vm vm, BackupRef backup) =>
        new(ErrorKind.Conflict, "VmOfOtherKind", $"Guest {vm} is {(vm.Kind == VmKind.Qemu ? "a virtual machine" : "a container")}, and {backup.VolumeId} is a backup of the other kind. Leave overwrite out: then a new guest is made.", vm.ToString()) { NothingHappened = true };
}
