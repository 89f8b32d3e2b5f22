using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab;

/// <summary>How AI clients come in over HTTP. Over standard input and output they come as whoever starts <c>homelab mcp</c>.</summary>
public sealed record McpDefinition
{
    /// <summary>The address by which clients reach <c>/mcp</c>'s server, without path: what tokens are for, and what metadata tell.</summary>
    [Description("The address by which clients reach this server, as https://homelab.example.net: behind a reverse proxy it cannot be guessed. http://<server.listen> when not given.")]
    public string? Url { get; init; }

    /// <summary>Other names by which the server may be addressed.</summary>
    [Description("Names that may stand in the Host header besides that of url and loopback. Others are refused: a web page must not reach this server by a name of its own.")]
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Web pages that may use the server.</summary>
    [Description("Origins of web pages that may use this server, such as https://inspector.example.net. None by default; programs send no origin.")]
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>The OAuth clients, by their id.</summary>
    [Description("The OAuth clients, by their id.")]
    public IReadOnlyDictionary<string, OAuthClientDefinition> Clients { get; init; } = new Dictionary<string, OAuthClientDefinition>(StringComparer.Ordinal);

    /// <summary>Whether and how clients may register themselves.</summary>
    [Description("Whether clients may register themselves, as RFC 7591 has it. A person still must let each of them in.")]
    public RegistrationDefinition Registration { get; init; } = new();

    /// <summary>How long a session without any request is kept.</summary>
    [DurationRange("10s", "7d"), Description("How long a session without any request is kept.")]
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How many sessions are kept at once.</summary>
    [Range(1, 10_000), Description("How many sessions are kept at once; of the caller who has most, the one idle longest makes room.")]
    public int Sessions { get; init; } = 200;
}

/// <summary>An OAuth client of the lab file.</summary>
public sealed record OAuthClientDefinition
{
    /// <summary>Its secret; without one it is a public client, which can use the code flow alone.</summary>
    [Description("Its secret: env:OAUTH_CLIENT_SECRET. Without one it is a public client, for authorization code with PKCE alone.")]
    public SecretReference? Secret { get; init; }

    /// <summary>The most it may do.</summary>
    [Description("The most it may do. access.mcp, or access.identities for mcp:<id>, limits it further.")]
    public Level Level { get; init; } = Level.Monitor;

    /// <summary>The operations it is for.</summary>
    [Description("The operations it is for, by name or pattern such as docker_*; all when not given.")]
    public IReadOnlyList<string> Operations { get; init; } = [];

    /// <summary>Where browsers may be sent back to.</summary>
    [Description("Addresses that browsers may be sent back to, compared exactly: https://claude.ai/api/mcp/auth_callback.")]
    public IReadOnlyList<string> Redirects { get; init; } = [];

    /// <summary>The most requests in a minute.</summary>
    [Range(0, 100_000), Description("The most requests in a minute; 0 for no limit of its own.")]
    public int PerMinute { get; init; }
}

/// <summary>Whether and how OAuth clients may register themselves.</summary>
public sealed record RegistrationDefinition
{
    /// <summary>True when they may.</summary>
    [Description("True when clients may register themselves.")]
    public bool Enabled { get; init; }

    /// <summary>The most that such a client may do.</summary>
    [Description("The most that a client may do that registered itself.")]
    public Level Level { get; init; } = Level.Monitor;
}
