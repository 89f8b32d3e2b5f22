namespace Homelab.Lab.Docker;

/// <summary>Something that a simulated engine shall do wrong.</summary>
public sealed record EngineFault
{
    /// <summary>What goes wrong.</summary>
    public required EngineFaultKind Kind { get; init; }

    /// <summary>For which methods: <c>GET</c>, <c>POST</c>, or <c>*</c>.</summary>
    public string Method { get; init; } = "*";

    /// <summary>For which paths without the version, with <c>*</c> and <c>?</c>: <c>/containers/*/restart</c>.</summary>
    public string Path { get; init; } = "*";

    /// <summary>How many requests it meets; <see cref="int.MaxValue"/> for all.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How long <see cref="EngineFaultKind.Slow"/> takes.</summary>
    public TimeSpan Delay { get; init; }
}

/// <summary>What can go wrong.</summary>
public enum EngineFaultKind
{
    /// <summary>It never answers, and does nothing.</summary>
    Hang,

    /// <summary>It answers rightly, but late.</summary>
    Slow,

    /// <summary>It answers 500 and does nothing.</summary>
    InternalError,

    /// <summary>It answers 200 with a body that is no JSON, and does nothing.</summary>
    MalformedJson,

    /// <summary>It answers 200 with nothing in the body, as to who measures a container that ends, and does nothing.</summary>
    Nothing,

    /// <summary>The connection ends without an answer; nothing was done.</summary>
    LostBefore,

    /// <summary>The connection ends without an answer; it was done.</summary>
    LostAfter,

    /// <summary>It answers 204 as if it was done, and does nothing.</summary>
    Lie,
}
