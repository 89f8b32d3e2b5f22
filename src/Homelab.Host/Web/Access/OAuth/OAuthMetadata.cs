using System.Text.Json.Nodes;
using Homelab.Composition;

namespace Homelab.Host.Web.Access.OAuth;

/// <summary>What clients ask before they log in: whose tokens the MCP server takes (RFC 9728), and how to get them (RFC 8414). Anybody may read it.</summary>
internal sealed class OAuthMetadata(HomelabRuntime runtime)
{
    /// <summary>The one scope: what a token may is decided by its client and by the lab's policy.</summary>
    internal const string Scope = "mcp";

    internal const string ResourcePath = "/.well-known/oauth-protected-resource";
    internal const string ServerPath = "/.well-known/oauth-authorization-server";
    internal const string AuthorizePath = "/oauth/authorize";
    internal const string TokenPath = "/oauth/token";
    internal const string RegisterPath = "/oauth/register";
    internal const string RevokePath = "/oauth/revoke";

    internal Task ResourceAsync(HttpContext http, string origin) => WriteAsync(http, new JsonObject
    {
        ["resource"] = origin + McpAddress.Path,
        ["authorization_servers"] = new JsonArray(origin),
        ["scopes_supported"] = new JsonArray(Scope),
        ["bearer_methods_supported"] = new JsonArray("header"),
        ["resource_name"] = $"Homelab {ForeignText.Clean(runtime.File.Lab.Name, 100)}",
    });

    internal Task ServerAsync(HttpContext http, string origin)
    {
        var metadata = new JsonObject
        {
            ["issuer"] = origin,
            ["authorization_endpoint"] = origin + AuthorizePath,
            ["token_endpoint"] = origin + TokenPath,
            ["revocation_endpoint"] = origin + RevokePath,
            ["scopes_supported"] = new JsonArray(Scope),
            ["response_types_supported"] = new JsonArray("code"),
            ["response_modes_supported"] = new JsonArray("query"),
            ["grant_types_supported"] = new JsonArray("authorization_code", "refresh_token", "client_credentials"),
            ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_basic", "client_secret_post", "none"),
            ["revocation_endpoint_auth_methods_supported"] = new JsonArray("client_secret_basic", "client_secret_post", "none"),
            ["code_challenge_methods_supported"] = new JsonArray("S256"),
            ["authorization_response_iss_parameter_supported"] = true,
        };
        if (runtime.File.Lab.Mcp.Registration.Enabled) metadata["registration_endpoint"] = origin + RegisterPath;
        return WriteAsync(http, metadata);
    }

    private static Task WriteAsync(HttpContext http, JsonObject metadata) => OAuthAnswer.WriteAsync(http, StatusCodes.Status200OK, metadata);
}
