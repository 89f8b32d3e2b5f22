namespace Homelab;

/// <summary>An OAuth client that registered itself. RFC 7591. It may nothing until a person lets it in.</summary>
public sealed record ClientRegistration
{
    /// <summary>The prefix of the ids that we give.</summary>
    public const string Prefix = "hlx_";

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>What it calls itself: a claim, shown as such.</summary>
    public required string Name { get; init; }

    /// <summary>Where browsers may be sent back to: compared exactly.</summary>
    public required IReadOnlyList<string> Redirects { get; init; }

    /// <summary>What is kept of its secret; null for a public client, which has none.</summary>
    public string? SecretHash { get; init; }

    /// <summary>When it registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
