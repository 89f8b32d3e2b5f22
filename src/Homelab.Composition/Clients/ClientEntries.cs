using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Homelab.Composition.Clients;

/// <summary>The entries of each client, in the form that it reads.</summary>
/// <remarks>
/// Claude Desktop: modelcontextprotocol.io "Connect to local MCP servers"; the file is for servers that are started, remote ones are custom connectors (support.claude.com 11503834).
/// Claude Code: code.claude.com/docs/en/mcp, "Environment variable expansion in .mcp.json": <c>${VAR}</c> in command, args, env, url and headers.
/// VS Code: code.visualstudio.com/docs/copilot/reference/mcp-configuration: <c>servers</c>, <c>inputs</c>, <c>${input:id}</c>.
/// OpenClaw: docs.openclaw.ai/gateway/config-extensions and cli/mcp/transports: <c>mcp.servers</c>, <c>transport: streamable-http</c>; <c>${VAR}</c> for names in upper case, anywhere.
/// </remarks>
public static partial class ClientEntries
{
    /// <summary>The key under which VS Code keeps what it asks for.</summary>
    internal const string Inputs = "inputs";

    private const string McpPath = "/mcp";

    /// <summary>The name by which a client is known to the lab when it starts the server: <c>mcp:claude-code</c> in <c>access.identities</c> and in the audit.</summary>
    public static string IdentityOf(ClientProgram client) => client switch
    {
        ClientProgram.ClaudeDesktop => "claude-desktop",
        ClientProgram.ClaudeCode => "claude-code",
        ClientProgram.VSCode => "vscode",
        ClientProgram.OpenClaw => "openclaw",
        _ => throw new ArgumentOutOfRangeException(nameof(client), client, null),
    };

    /// <summary>The environment variable from which a client takes the key; each server's own, so that one client can have several.</summary>
    public static string VariableOf(string name) => NoLetterPattern().Replace(name.ToUpperInvariant(), "_") + "_MCP_KEY";

    /// <summary>The address of <c>/mcp</c> as clients reach it.</summary>
    /// <exception cref="HomelabException"><c>McpUrlNeeded</c> (Invalid): nothing says by which address the server is reached.</exception>
    public static Uri AddressOf(LabDefinition lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var known = lab.Mcp.Url
            ?? (IPEndPoint.TryParse(lab.Server.Listen, out var at) && at.Port > 0 && !at.Address.Equals(IPAddress.Any) && !at.Address.Equals(IPAddress.IPv6Any) ? $"http://{at}" : null)
            ?? throw new HomelabException(ErrorKind.Invalid, "McpUrlNeeded", $"The server listens on {lab.Server.Listen}, and that is no address that a client could use. Say in the lab file how it is reached: mcp: {{ url: https://homelab.example.net }}.", lab.Server.Listen);
        return new Uri(known.TrimEnd('/') + McpPath);
    }

    /// <summary>The entry of a client that starts the server.</summary>
    /// <exception cref="HomelabException"><c>ClientEntryInvalid</c> (Invalid): the client would read a path as something else.</exception>
    public static ClientEntry Started(ClientProgram client, string name, ServerStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        var variables = new JsonObject();
        if (start.StateFile is { } state) variables["HOMELAB_STATE"] = Plain(client, state);
        foreach (var variable in start.Variables.Where(v => Expands(client, v))) variables[variable] = $"${{{variable}}}";

        var value = new JsonObject();
        if (client is ClientProgram.ClaudeCode or ClientProgram.VSCode) value["type"] = "stdio";
        value["command"] = Plain(client, start.Program);
        string[] arguments = [.. start.Arguments, "mcp", "--lab", start.LabFile, "--name", IdentityOf(client)];
        value["args"] = new JsonArray([.. arguments.Select(a => (JsonNode)Plain(client, a))]);
        if (variables.Count > 0) value["env"] = variables;
        return new ClientEntry { Client = client, Path = PathOf(client, name), Value = value };
    }

    /// <summary>The variables of <paramref name="start"/> that its server would not get from the client.</summary>
    public static IReadOnlyList<string> Withheld(ClientProgram client, ServerStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        // VS Code passes on its own environment.
        return client is ClientProgram.VSCode ? [] : [.. start.Variables.Where(v => !Expands(client, v))];
    }

    /// <summary>The entry of a client that calls the server.</summary>
    /// <param name="client">The client.</param>
    /// <param name="name">The server's name there.</param>
    /// <param name="address">The address of <c>/mcp</c>.</param>
    /// <param name="showsKey">True when it shows an API key; false when it signs in by OAuth.</param>
    /// <exception cref="HomelabException"><c>ClientNeedsStdio</c> (Invalid): it reads no address from its file.</exception>
    public static ClientEntry Called(ClientProgram client, string name, Uri address, bool showsKey)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (client is ClientProgram.ClaudeDesktop)
        {
            throw new HomelabException(
                ErrorKind.Invalid,
                "ClientNeedsStdio",
                "Claude Desktop reads only servers that it starts itself from its file, and takes an address away from it. Use -Transport Stdio. "
                + "Where the lab has a public address, add it in Claude as a custom connector instead (Settings, Connectors), which signs in by OAuth.",
                client.ToString());
        }

        var value = client is ClientProgram.OpenClaw
            ? new JsonObject { ["url"] = Plain(client, address.ToString()), ["transport"] = "streamable-http" }
            : new JsonObject { ["type"] = "http", ["url"] = Plain(client, address.ToString()) };
        var id = $"{name}-key";
        if (showsKey) value["headers"] = new JsonObject { ["Authorization"] = client is ClientProgram.VSCode ? $"Bearer ${{input:{id}}}" : $"Bearer ${{{VariableOf(name)}}}" };
        // The others find out by themselves, from the answer to their first call.
        else if (client is ClientProgram.OpenClaw) value["auth"] = "oauth";
        var input = client is ClientProgram.VSCode && showsKey
            ? new JsonObject { ["type"] = "promptString", ["id"] = id, ["description"] = $"API key of {name}, as New-HlApiKey wrote it", ["password"] = true }
            : null;
        return new ClientEntry { Client = client, Path = PathOf(client, name), Value = value, Input = input };
    }

    private static string[] PathOf(ClientProgram client, string name) => client switch
    {
        ClientProgram.VSCode => ["servers", name],
        ClientProgram.OpenClaw => ["mcp", "servers", name],
        _ => ["mcpServers", name],
    };

    // OpenClaw leaves alone what has a small letter in it.
    private static bool Expands(ClientProgram client, string variable) => client switch
    {
        ClientProgram.ClaudeCode => true,
        ClientProgram.OpenClaw => UpperPattern().IsMatch(variable),
        _ => false,
    };

    // Only Claude Desktop takes every text as it is.
    private static string Plain(ClientProgram client, string text) =>
        client is ClientProgram.ClaudeDesktop || !text.Contains("${", StringComparison.Ordinal)
            ? text
            : throw new HomelabException(ErrorKind.Invalid, "ClientEntryInvalid", $"'{text}' holds '${{', which {client} reads as the name of a variable. Rename the file or folder.", text);

    [GeneratedRegex("[^A-Z0-9]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoLetterPattern();

    [GeneratedRegex("^[A-Z_][A-Z0-9_]*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UpperPattern();
}
