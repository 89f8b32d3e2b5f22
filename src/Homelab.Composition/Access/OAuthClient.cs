namespace Homelab.Composition.Access;

/// <summary>An OAuth client, of the lab file or registered by itself.</summary>
public sealed record OAuthClient
{
    /// <summary>Its id: the identity of its calls.</summary>
    public required string Id { get; init; }

    /// <summary>What it calls itself; null for one of the lab file.</summary>
    public string? ClaimedName { get; init; }

    /// <summary>True when it registered itself.</summary>
    public required bool IsRegistered { get; init; }

    /// <summary>Where its secret is, for one of the lab file; null for a public client.</summary>
    public SecretReference? Secret { get; init; }

    /// <summary>What is kept of its secret, for one that registered itself; null for a public client.</summary>
    public string? SecretHash { get; init; }

    /// <summary>The most it may do.</summary>
    public required Level Level { get; init; }

    /// <summary>The operations it is for.</summary>
    public OperationScope Scope { get; init; } = OperationScope.All;

    /// <summary>Where browsers may be sent back to.</summary>
    public required IReadOnlyList<string> Redirects { get; init; }

    /// <summary>The most requests in a minute; 0 for no limit of its own.</summary>
    public int PerMinute { get; init; }

    /// <summary>True when it can prove who it is.</summary>
    public bool HasSecret => Secret is not null || SecretHash is not null;
}
