namespace Homelab;

/// <summary>One thing that was found about the rights of the token by which Proxmox is asked.</summary>
/// <remarks>Proxmox API: <c>GET /access/permissions</c>, which needs no right.</remarks>
public sealed record TokenFinding : IVerdict
{
    /// <summary>The lowest level that needs the right; null where a finding belongs to none.</summary>
    public TokenLevel? Level { get; init; }

    /// <summary>The verdict.</summary>
    public required TokenStatus Status { get; init; }

    /// <summary>The privilege: <c>VM.Audit</c>. Empty where a finding is about something else.</summary>
    public string Privilege { get; init; } = "";

    /// <summary>Where it holds, or is missing: <c>/vms</c>, <c>/pool/homelab</c>.</summary>
    public string Path { get; init; } = "";

    /// <summary>What it is for, or what is wrong. One line, for people.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What to do; empty when nothing.</summary>
    public string Fix { get; init; } = "";

    // A right that is not needed keeps nothing from working.
    bool IVerdict.IsGood => Status is not TokenStatus.Missing;
}

/// <summary>The verdict on one right.</summary>
public enum TokenStatus
{
    /// <summary>It is needed, and not there.</summary>
    Missing,

    /// <summary>It is there, and nothing needs it.</summary>
    Surplus,

    /// <summary>It works, and is probably not meant so.</summary>
    Warning,

    /// <summary>It is needed, and there.</summary>
    Ok,
}

/// <summary>What a token is made for: the levels, and two things that are given apart because Proxmox has no small right for them.</summary>
public enum TokenLevel
{
    /// <summary>To look.</summary>
    Monitor = 1,

    /// <summary>To start and stop guests.</summary>
    Operate,

    /// <summary>To look at everything.</summary>
    Configure,

    /// <summary>To make, change, copy, save and delete guests.</summary>
    Manage,

    /// <summary>To run commands in guests, which is all that root may do there.</summary>
    Exec,

    /// <summary>To list a node's pending updates, for which Proxmox demands the right to change the node.</summary>
    Update,
}
