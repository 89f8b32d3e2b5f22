namespace Homelab;

/// <summary>What a command within a virtual machine did.</summary>
/// <remarks>Proxmox API: <c>POST /nodes/{node}/qemu/{vmid}/agent/exec</c>, then <c>exec-status</c>.</remarks>
public sealed record GuestCommandResult
{
    /// <summary>The guest.</summary>
    public required VmRef Vm { get; init; }

    /// <summary>The command with its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>What it ended with; null when a signal ended it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended it, or on Windows the exception; null when none did.</summary>
    public int? Signal { get; init; }

    /// <summary>What it wrote to standard output.</summary>
    public string Output { get; init; } = "";

    /// <summary>What it wrote to standard error.</summary>
    public string Error { get; init; } = "";

    /// <summary>True when it wrote more to either than is kept here.</summary>
    public bool Truncated { get; init; }

    /// <summary>How long it took, as seen from here.</summary>
    public TimeSpan Elapsed { get; init; }
}
