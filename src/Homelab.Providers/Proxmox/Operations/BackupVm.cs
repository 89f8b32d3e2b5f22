using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Providers.Proxmox;

/// <summary>Backs a guest up to a storage, now. Older backups are left alone, whatever the storage's rule for pruning says.</summary>
/// <remarks>
/// Proxmox API: <c>POST /nodes/{node}/vzdump</c> with <c>remove=0</c>, its task, then the storage's content. Needs VM.Backup on the guest and
/// Datastore.AllocateSpace on the storage. The CLI's <c>vzdump</c>.
/// </remarks>
[Operation("proxmox_backup_vm", Level.Manage, Risk.Change, Unattended = Requirement.Ask, Patience = "24h")]
[Description("Backs a guest of Proxmox up to a storage and waits until the backup is there. A running guest goes on unless mode stop or suspend is asked for. Prunes nothing.")]
[Example("Backup-HlVm dev -Storage nas", "Back one guest up.")]
[Example("Backup-HlVm dev -Storage nas -Note 'before 12.1' -Protected", "Keep the backup from being pruned.")]
public sealed class BackupVm(ProxmoxCluster cluster) : Change<BackupVm.Input, VmBackup>
{
    /// <summary>Which backup.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>The storage.</summary>
        [NameOf("storage"), Description("The storage for it. When not given, the only one for backups that its node has.")]
        public string? Storage { get; init; }

        /// <summary>What becomes of the guest meanwhile.</summary>
        [Description("What becomes of a running guest: snapshot lets it go on, suspend halts it for a while, stop shuts it down and starts it again, which is the most consistent.")]
        public BackupMode Mode { get; init; } = BackupMode.Snapshot;

        /// <summary>How it is compressed.</summary>
        [Description("How it is compressed. A backup server does so by itself, whatever is given here.")]
        public BackupCompression Compress { get; init; } = BackupCompression.Zstd;

        /// <summary>A note.</summary>
        [Description("A note that is shown with the backup. {{guestname}}, {{node}}, {{cluster}} and {{vmid}} are filled in."), StringLength(1000)]
        public string? Note { get; init; }

        /// <summary>Protected from pruning.</summary>
        [Description("Protect it: no rule prunes it, and nobody removes it before the protection is taken away.")]
        public bool Protected { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take."), DurationRange("1s", "24h")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(4);

        /// <summary>Leaves at once.</summary>
        [Description("Do not wait: return as soon as Proxmox has taken it, with the task that does it.")]
        public bool NoWait { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        var to = input.Storage is { } storage ? $" to {storage}" : "";
        return new(input.Mode switch
        {
            BackupMode.Stop => $"Shut down, back up{to} and start again guest",
            BackupMode.Suspend => $"Halt, back up{to} and let go on guest",
            _ => $"Back up{to} guest",
        }, VmTarget.Of(input.Vm));
    }

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var vm = await new VmChange(cluster, context).PrepareAsync(input.Vm, lockAllowed: null, cancellationToken).ConfigureAwait(false);
        var place = VmPlace.Of(vm);
        var storage = await new BackupShelf(cluster.Wire).ChooseAsync(place.Node, input.Storage, cancellationToken).ConfigureAwait(false);
        var newest = await new VmBackupCourse(cluster, context).NewestAsync(place, storage, cancellationToken).ConfigureAwait(false);
        return VmTarget.Prepare(vm, input with { Vm = new VmRef(vm), Storage = storage }) with { Mark = new PlaceMark(place, newest).ToString() };
    }

    /// <inheritdoc/>
    protected override async Task<VmBackup> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var vm = await new VmChange(cluster, context).LookAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        var form = new ProxmoxForm
        {
            { "mode", HomelabNames.Of(input.Mode) },
            { "compress", input.Compress == BackupCompression.None ? "0" : HomelabNames.Of(input.Compress) },
            // The template is one line; what would end it or begin an escape is written as Proxmox reads it.
            { "notes-template", input.Note?.Replace("\\", "\\\\", StringComparison.Ordinal).ReplaceLineEndings("\\n") },
            { "protected", input.Protected ? true : (bool?)null },
        };
        var course = new TaskCourse($"Backing up {input.Vm.Label}", input.Timeout, input.NoWait);
        return await new VmBackupCourse(cluster, context).MakeAsync(VmPlace.Of(vm), input.Storage!, form, course, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (PlaceMark.Read(mark) is not { } before) return Settlement.Unknown;
        return await new TaskedChange(cluster, context).SettleAsync(
            before.Place,
            async () => await new VmBackupCourse(cluster, context).NewestAsync(before.Place, input.Storage!, cancellationToken).ConfigureAwait(false) != before.Note,
            cancellationToken).ConfigureAwait(false);
    }
}
