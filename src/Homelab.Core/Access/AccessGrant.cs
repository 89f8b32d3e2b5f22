namespace Homelab;

/// <summary>What kind of OAuth grant it is. RFC 6749.</summary>
public enum GrantKind
{
    /// <summary>An authorization code: exchanged once, within a minute.</summary>
    Code,

    /// <summary>An access token: opens the door for an hour.</summary>
    Access,

    /// <summary>A refresh token: exchanged once for a new pair.</summary>
    Refresh,
}

/// <summary>A code or token that OAuth gave to a client. The text itself is shown once and kept nowhere.</summary>
public sealed record AccessGrant
{
    /// <summary>The prefix of codes and tokens, by kind.</summary>
    public static string PrefixOf(GrantKind kind) => kind switch
    {
        GrantKind.Code => "hlc_",
        GrantKind.Access => "hla_",
        GrantKind.Refresh => "hlr_",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>What is kept of it: <see cref="CredentialSecret.HashOf"/>.</summary>
    public required string Hash { get; init; }

    /// <summary>What it is.</summary>
    public required GrantKind Kind { get; init; }

    /// <summary>All that came from one consent, or one exchange of credentials: they are taken back together.</summary>
    public required string Family { get; init; }

    /// <summary>The client.</summary>
    public required string Client { get; init; }

    /// <summary>The most it may do.</summary>
    public required Level Level { get; init; }

    /// <summary>The operations it is for.</summary>
    public OperationScope Scope { get; init; } = OperationScope.All;

    /// <summary>The address it is for, and no other. RFC 8707.</summary>
    public required string Resource { get; init; }

    /// <summary>When it was given.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When a code or refresh token was exchanged; showing it a second time takes back the family.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>When it was taken back; null while it holds.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Of a code: where the browser is sent back to.</summary>
    public string? Redirect { get; init; }

    /// <summary>Of a code: the PKCE challenge, S256. RFC 7636.</summary>
    public string? Challenge { get; init; }

    /// <summary>True while it may be used.</summary>
    public bool Holds(DateTimeOffset now) => RevokedAt is null && UsedAt is null && now < ExpiresAt;
}
