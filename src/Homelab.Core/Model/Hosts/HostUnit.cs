namespace Homelab;

/// <summary>A unit of systemd on a host.</summary>
/// <remarks><c>systemctl show</c>.</remarks>
public record HostUnit
{
    /// <summary>Its whole name: <c>nginx.service</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>What it is, in its own words.</summary>
    public string Description { get; init; } = "";

    /// <summary>Whether it runs.</summary>
    public required UnitState State { get; init; }

    /// <summary>The same in the words of its type: <c>running</c>, <c>exited</c>, <c>auto-restart</c>, <c>waiting</c>.</summary>
    public string SubState { get; init; } = "";

    /// <summary>Whether its file could be read: <c>loaded</c>, <c>not-found</c>, <c>bad-setting</c>, <c>masked</c>.</summary>
    public string Load { get; init; } = "";

    /// <summary>Whether it starts by itself: <c>enabled</c>, <c>disabled</c>, <c>static</c>, <c>generated</c>. Empty where it has no file.</summary>
    public string Enabled { get; init; } = "";

    /// <summary>Since when it is in its state, by the host's clock; null when it never was in another.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>How its last run ended: <c>success</c>, <c>exit-code</c>, <c>timeout</c>, <c>oom-kill</c>. Empty where it has no runs.</summary>
    public string Result { get; init; } = "";

    /// <inheritdoc/>
    public sealed override string ToString() => $"{Name}@{Host}";
}

/// <summary>A unit of systemd with all that tells why it is as it is, and its last words.</summary>
/// <remarks><c>systemctl show</c> and <c>journalctl -u</c>. The command <c>systemctl status</c>.</remarks>
public sealed record HostUnitDetail : HostUnit
{
    /// <summary>Of a service when it counts as started: <c>simple</c>, <c>notify</c>, <c>forking</c>; <c>oneshot</c> for one that does its work and ends. Empty of other units.</summary>
    public string Type { get; init; } = "";

    /// <summary>The number of its main process; null when none runs.</summary>
    public int? MainPid { get; init; }

    /// <summary>The exit code of its main process, or the number of the signal that ended it; null when there was none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>When it last became active, by the host's clock; null when it never was.</summary>
    public DateTimeOffset? ActiveSince { get; init; }

    /// <summary>How often systemd has restarted it since it was last started by hand.</summary>
    public int Restarts { get; init; }

    /// <summary>What its processes hold in memory, in bytes; null where that is not counted.</summary>
    public long? Memory { get; init; }

    /// <summary>Its processes and threads; null where they are not counted.</summary>
    public long? Tasks { get; init; }

    /// <summary>The id of its last start, another one after each; empty when it was never started.</summary>
    public string InvocationId { get; init; } = "";

    /// <summary>Its file.</summary>
    public string Path { get; init; } = "";

    /// <summary>The files that add to it.</summary>
    public IReadOnlyList<string> DropIns { get; init; } = [];

    /// <summary>True when its files were changed since they were read: <c>systemctl daemon-reload</c>.</summary>
    public bool NeedsReload { get; init; }

    /// <summary>The units that bring about its start: the socket of a service, the timer.</summary>
    public IReadOnlyList<string> TriggeredBy { get; init; } = [];

    /// <summary>Its last lines in the journal, the oldest first. Empty also where the account may not read them; Get-HlJournal says so.</summary>
    public IReadOnlyList<JournalEntry> Log { get; init; } = [];
}

/// <summary>Whether a unit runs, as systemd's ActiveState has it.</summary>
public enum UnitState
{
    /// <summary>In a state that is not known here.</summary>
    Unknown,

    /// <summary>It runs, or has done its work and counts as done.</summary>
    Active,

    /// <summary>It runs and reads its settings anew.</summary>
    Reloading,

    /// <summary>It does not run.</summary>
    Inactive,

    /// <summary>It ended in a way that it should not have.</summary>
    Failed,

    /// <summary>It is being started.</summary>
    Activating,

    /// <summary>It is being stopped.</summary>
    Deactivating,

    /// <summary>Somebody works on what it is for.</summary>
    Maintenance,

    /// <summary>It is being mounted anew.</summary>
    Refreshing,
}
