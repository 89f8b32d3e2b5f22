namespace Homelab;

/// <summary>Whether Cloudflare takes an API token: the one by which certificates are proved to be ours.</summary>
/// <remarks>Cloudflare API: <c>GET /user/tokens/verify</c>.</remarks>
public sealed record CloudflareToken : IVerdict
{
    /// <summary>True only when Cloudflare says that it is active.</summary>
    public required bool Valid { get; init; }

    /// <summary>What it is: active, disabled, expired, or refused.</summary>
    public required CloudflareTokenStatus Status { get; init; }

    /// <summary>Why, one line in Cloudflare's words. Foreign text: never trusted, never executed.</summary>
    public required string Reason { get; init; }

    /// <summary>Its id, which is no secret; empty where Cloudflare does not tell it.</summary>
    public string Id { get; init; } = "";

    /// <summary>When it ends; null when it does not.</summary>
    public DateTimeOffset? ExpiresOn { get; init; }

    /// <summary>From when on it holds; null when from the beginning.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    bool IVerdict.IsGood => Valid;

    /// <inheritdoc/>
    public override string ToString() => $"{HomelabNames.Of(Status)}: {Reason}";
}

/// <summary>What becomes of a token.</summary>
public enum CloudflareTokenStatus
{
    /// <summary>Cloudflare does not know it, or said something that is not in its documentation.</summary>
    Refused,

    /// <summary>It is taken.</summary>
    Active,

    /// <summary>Somebody has switched it off.</summary>
    Disabled,

    /// <summary>Its time is over.</summary>
    Expired,
}
