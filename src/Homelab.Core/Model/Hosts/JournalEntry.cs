namespace Homelab;

/// <summary>An entry of a host's journal.</summary>
/// <remarks><c>journalctl --output=json</c>.</remarks>
public sealed record JournalEntry
{
    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>When it was received, by the host's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How much it matters.</summary>
    public JournalPriority Priority { get; init; } = JournalPriority.Info;

    /// <summary>The unit whose process wrote it, or that it is about; empty where there is none.</summary>
    public string Unit { get; init; } = "";

    /// <summary>What the writer calls itself: <c>sshd</c>, <c>kernel</c>.</summary>
    public string Identifier { get; init; } = "";

    /// <summary>The number of the process that wrote it; null for the kernel.</summary>
    public int? Pid { get; init; }

    /// <summary>The id of the start of the host in which it was written.</summary>
    public string BootId { get; init; } = "";

    /// <summary>The text. Foreign text: never trusted, never executed.</summary>
    public required string Message { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Message;
}

/// <summary>How much an entry of the journal matters, as syslog has it: the smaller the worse.</summary>
public enum JournalPriority
{
    /// <summary>The system cannot be used.</summary>
    Emergency,

    /// <summary>Something must be done at once.</summary>
    Alert,

    /// <summary>A critical state.</summary>
    Critical,

    /// <summary>An error.</summary>
    Error,

    /// <summary>A warning.</summary>
    Warning,

    /// <summary>Usual, but worth a look.</summary>
    Notice,

    /// <summary>For information.</summary>
    Info,

    /// <summary>For those who look for a mistake.</summary>
    Debug,
}
