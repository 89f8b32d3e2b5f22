using System.ComponentModel;

namespace Homelab.Providers.Mcp;

/// <summary>The lab's other MCP servers: <c>providers: mcp:</c> in the lab file. Who may come in here is another thing: that is <c>mcp:</c> at the top.</summary>
public sealed record McpServersSettings
{
    /// <summary>The servers by name.</summary>
    [Description("The other MCP servers of the lab, by the names you give them.")]
    public IReadOnlyDictionary<string, McpServerSettings> Servers { get; init; } = new Dictionary<string, McpServerSettings>(StringComparer.Ordinal);
}

/// <summary>One other server: asked over HTTP (<c>url</c>), as a program (<c>command</c>), or only whether it lives (<c>health</c> alone).</summary>
public sealed record McpServerSettings
{
    /// <summary>Its address, where it speaks MCP over HTTP.</summary>
    [Description("Its address, where it speaks MCP over HTTP: http://host:8000/mcp. Streamable HTTP, or the older SSE.")]
    public Uri? Url { get; init; }

    /// <summary>Its program, where it speaks MCP over its input and output.</summary>
    [Description("Its program, where it speaks MCP over standard input and output: a name on the PATH, or a path, relative to the lab file.")]
    public string? Command { get; init; }

    /// <summary>An address that tells whether it lives.</summary>
    [Description("An address that answers a plain GET with success as long as it lives. Alone for servers that speak no MCP, or beside url or command.")]
    public Uri? Health { get; init; }

    /// <summary>A bearer token.</summary>
    [Description("The bearer token it wants: env:PROXMOX_MCP_TOKEN. It is sent to its own address alone.")]
    public SecretReference? Token { get; init; }

    /// <summary>Headers that let us in.</summary>
    [Description("Headers it wants, each a reference to a secret: X-Api-Key: env:SOME_KEY. They are sent to its own address alone.")]
    public IReadOnlyDictionary<string, SecretReference> Headers { get; init; } = new Dictionary<string, SecretReference>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How its TLS certificate is verified.</summary>
    [Description("How its TLS certificate is verified, where the system's authorities do not know it.")]
    public TlsDefinition? Tls { get; init; }

    /// <summary>What its program is started with.</summary>
    [Description("The arguments of its program. Others on the machine can see them: no secrets.")]
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The folder its program is started in.</summary>
    [Description("The folder its program is started in, relative to the lab file; that of the lab file when not given.")]
    public string? Folder { get; init; }

    /// <summary>Environment variables of its program.</summary>
    [Description("Environment variables of its program. Of ours it gets those alone that programs need to run, such as PATH and HOME.")]
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Environment variables of its program that are secrets.</summary>
    [Description("Environment variables of its program that are secrets, each as a reference: PIHOLE_API_KEY: env:PIHOLE_API_KEY.")]
    public IReadOnlyDictionary<string, SecretReference> Secrets { get; init; } = new Dictionary<string, SecretReference>(StringComparer.Ordinal);

    /// <summary>Which tools are of which kind, by patterns of their names; the first that fits counts.</summary>
    [Description("Categories of its tools, each with patterns of names: control: [ start_*, stop_* ]. The first that fits counts; others are sorted by what they say of themselves.")]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Categories { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
}
