namespace Homelab;

/// <summary>What a person agrees to who lets an AI client come in.</summary>
public sealed record AiClientConsent
{
    /// <summary>The client's id.</summary>
    public required string Client { get; init; }

    /// <summary>What it calls itself; null for one of the lab file.</summary>
    public string? ClaimedName { get; init; }

    /// <summary>The most it may do.</summary>
    public required Level Level { get; init; }

    /// <summary>The site or program that the browser is sent back to.</summary>
    public required string SentTo { get; init; }

    /// <summary>What the browser shows that asked, so that a person can tell it from another.</summary>
    public required string Code { get; init; }
}
