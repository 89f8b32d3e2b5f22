using Homelab.Composition.Access;

namespace Homelab.Host.Web.Access.OAuth;

/// <summary>A browser that waits for a person to let its client in.</summary>
internal sealed class ConsentRequest
{
    private int _ending;

    /// <summary>Its name, in the address of the page.</summary>
    internal required string Id { get; init; }

    /// <summary>What is kept of the cookie by which the browser is known.</summary>
    internal required string CookieHash { get; init; }

    internal required OAuthClient Client { get; init; }

    /// <summary>What the person is asked.</summary>
    internal required AiClientConsent Asked { get; init; }

    internal required string Redirect { get; init; }

    internal required string? State { get; init; }

    internal required string Challenge { get; init; }

    internal required string Resource { get; init; }

    /// <summary>Our own origin as the browser knows it.</summary>
    internal required string Origin { get; init; }

    /// <summary>The question.</summary>
    internal string Approval { get; set; } = "";

    /// <summary>When nobody may answer any more; as long as nobody was asked, never.</summary>
    internal DateTimeOffset ExpiresAt { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>True for the first who ends it: of two that look at once, one sends the browser on.</summary>
    internal bool TryEnd() => Interlocked.Exchange(ref _ending, 1) == 0;
}
