namespace Homelab;

/// <summary>A guest that was removed, and was seen to be gone.</summary>
public sealed record VmRemoval : IMayLeaveTask
{
    /// <summary>The guest that was.</summary>
    public required VmRef Vm { get; init; }

    /// <summary>Virtual machine or container.</summary>
    public required VmKind Kind { get; init; }

    /// <summary>True when it was also taken out of backup jobs, replication and high availability.</summary>
    public bool Purged { get; init; }

    /// <summary>The backup that was made of it before; null when none was asked for.</summary>
    public VmBackup? Backup { get; init; }

    /// <summary>The task that removed it.</summary>
    public ProxmoxTask? Task { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Vm.ToString();
}
