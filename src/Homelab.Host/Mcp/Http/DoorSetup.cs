using Homelab.Host.Logging;
using ModelContextProtocol.Server;

namespace Homelab.Host.Mcp.Http;

/// <summary>What stands on both sides of the door: who lets clients in, what they find, and where things are written down.</summary>
internal sealed record DoorSetup
{
    /// <summary>Says who asks; null when he was turned away, and has been told so. Reads nothing of the body.</summary>
    internal required Func<HttpContext, Task<Caller?>> LetIn { get; init; }

    /// <summary>What a caller finds inside. Made anew for each session, and for each request without one.</summary>
    internal required Func<Caller, McpServerOptions> OptionsOf { get; init; }

    /// <summary>Names, origins and limits.</summary>
    internal required McpDefinition Mcp { get; init; }

    /// <summary>The longest body, in bytes.</summary>
    internal required int BodyLimit { get; init; }

    /// <summary>Knows which credentials still hold.</summary>
    internal required ICredentialStore Credentials { get; init; }

    /// <summary>Takes what belongs into the audit.</summary>
    internal required IGateStore Audit { get; init; }

    internal required JsonLog Log { get; init; }

    internal required TimeProvider Time { get; init; }
}
