namespace Homelab.Lab.Proxmox;

/// <summary>Something that a simulated node shall do wrong.</summary>
public sealed record ProxmoxFault
{
    /// <summary>What goes wrong.</summary>
    public required ProxmoxFaultKind Kind { get; init; }

    /// <summary>For which methods: <c>GET</c>, <c>POST</c>, or <c>*</c>.</summary>
    public string Method { get; init; } = "*";

    /// <summary>For which paths below <c>/api2/json</c>, decoded, with <c>*</c> and <c>?</c>: <c>/nodes/*/qemu/100/status/*</c>.</summary>
    public string Path { get; init; } = "*";

    /// <summary>How many requests it meets; <see cref="int.MaxValue"/> for all.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How long <see cref="ProxmoxFaultKind.Slow"/> takes.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The status of <see cref="ProxmoxFaultKind.Answer"/>.</summary>
    public int Status { get; init; } = 500;

    /// <summary>The reason phrase of <see cref="ProxmoxFaultKind.Answer"/>.</summary>
    public string Reason { get; init; } = "got no worker upid - start worker failed";

    /// <summary>The body of <see cref="ProxmoxFaultKind.Answer"/>; none when null.</summary>
    public string? Body { get; init; }
}

/// <summary>What can go wrong with a node.</summary>
public enum ProxmoxFaultKind
{
    /// <summary>It never answers, and does nothing.</summary>
    Hang,

    /// <summary>It answers rightly, but late.</summary>
    Slow,

    /// <summary>The connection ends without an answer; nothing was done.</summary>
    LostBefore,

    /// <summary>The connection ends without an answer; it was done.</summary>
    LostAfter,

    /// <summary>595: the node or its daemon is not reached.</summary>
    Unreachable,

    /// <summary>596: the node's certificate is not what its peer expects, or it took too long to say hello.</summary>
    BadPeer,

    /// <summary>A status, a reason and a body of the test's own; nothing is done.</summary>
    Answer,
}
