namespace Homelab;

/// <summary>Whether a virtual machine's guest agent answers.</summary>
/// <remarks>Proxmox API: <c>POST /nodes/{node}/qemu/{vmid}/agent/ping</c>.</remarks>
public sealed record GuestAgentCheck : IVerdict
{
    /// <summary>The guest.</summary>
    public required VmRef Vm { get; init; }

    /// <summary>True when it answered.</summary>
    public required bool Answers { get; init; }

    /// <summary>True when it is switched on in the configuration.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Why it does not answer, and what helps; empty when it does.</summary>
    public string Reason { get; init; } = "";

    /// <summary>How long the answer took; null when there was none.</summary>
    public TimeSpan? Elapsed { get; init; }

    bool IVerdict.IsGood => Answers;
}
