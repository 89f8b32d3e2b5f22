namespace Homelab.Lab.Services;

/// <summary>What a simulated service answers.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
public sealed record ServiceAnswer(int Status, string Body = "")
{
    /// <summary>The body's type.</summary>
    public string ContentType { get; init; } = "text/plain; charset=utf-8";

    /// <summary>Where a redirect leads.</summary>
    public string? Location { get; init; }
}

/// <summary>What is wrong with a simulated service.</summary>
public enum ServiceFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its port is closed: connections are refused.</summary>
    Refuse,

    /// <summary>It accepts connections and never answers.</summary>
    Hang,

    /// <summary>It answers after <see cref="SimulatedService.Delay"/>.</summary>
    Slow,

    /// <summary>It answers 200 with a page that is not its own, as a proxy's default page.</summary>
    WrongAnswer,

    /// <summary>It answers something that is no HTTP.</summary>
    Garbage,

    /// <summary>It hangs up in the middle of its answer.</summary>
    CutOff,
}
