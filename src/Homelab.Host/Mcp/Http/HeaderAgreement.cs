using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Homelab.Host.Mcp.Http;

/// <summary>
/// Whether headers and body say the same. Proxies route, limit and log by the headers, and we act by the body: whoever could make them differ would get past the former.
/// </summary>
internal static class HeaderAgreement
{
    internal const string Revision = "MCP-Protocol-Version";
    internal const string Method = "Mcp-Method";
    internal const string Name = "Mcp-Name";

    private const int LongestRevision = 50;

    // Taken out of the revision without sessions; each has something in its place.
    private static readonly string[] s_removed = ["initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"];

    /// <summary>The revision that the header names; empty without one.</summary>
    internal static string RevisionOf(HttpContext http) => http.Request.Headers[Revision].ToString().Trim();

    /// <summary>Null when the revision that the header names is spoken, or there is no such header.</summary>
    internal static RpcRefusal? CheckRevision(HttpContext http, JsonRpcMessage? message = null) => RevisionOf(http) is { Length: > 0 } revision && !Revisions.IsSpoken(revision)
        ? Unspoken(revision, message is not null && RpcMeta.Of(message, RpcMeta.Revision) is not null)
        : null;

    /// <summary>Null when headers and body agree, as the revision demands.</summary>
    internal static RpcRefusal? Check(HttpContext http, JsonRpcMessage message, Func<string, Tool?> toolOf) =>
        CheckRevisions(http, message) ?? (Revisions.IsSessionless(RevisionOf(http)) ? CheckSessionless(http, message, toolOf) : null);

    private static RpcRefusal? CheckRevisions(HttpContext http, JsonRpcMessage message)
    {
        var header = RevisionOf(http);
        var method = RpcMeta.MethodOf(message);
        if (method is null) return null;
        if (method == "initialize" && header.Length > 0 && RpcMeta.TextOf(RpcMeta.ParametersOf(message)?["protocolVersion"]) is { Length: > 0 } wanted && wanted != header)
        {
            return Differs(Revision, header, $"params.protocolVersion '{wanted}'");
        }

        var meta = RpcMeta.TextOf(RpcMeta.Of(message, RpcMeta.Revision));
        if (!Revisions.IsSessionless(header) && !Revisions.IsSessionless(meta)) return null;
        if (header.Length == 0) return Mismatch($"The body's _meta names revision '{meta}', so the header {Revision} must name it too.");
        // A notification has nobody who could be told what it lacks.
        if (meta is null) return message is JsonRpcRequest ? Lacks(header, RpcMeta.Revision) : null;
        return meta == header ? null : Differs(Revision, header, $"_meta's '{meta}'");
    }

    private static RpcRefusal? CheckSessionless(HttpContext http, JsonRpcMessage message, Func<string, Tool?> toolOf)
    {
        if (RpcMeta.MethodOf(message) is not { } method) return null;
        if (!http.Request.Headers.TryGetValue(Method, out var methods)) return Mismatch($"The header {Method} is missing: it must say '{method}', as the body does.");
        var named = methods.ToString().Trim();
        if (named != method) return Differs(Method, named, $"the body's method '{method}'");
        if (CheckName(http, message, method) is { } name) return name;
        if (method == "tools/call" && ParameterHeaders.Check(http, message, toolOf) is { } parameter) return Mismatch(parameter);
        if (message is not JsonRpcRequest) return null;
        if (RpcMeta.Of(message, RpcMeta.ClientCapabilities) is not JsonObject) return Lacks(RevisionOf(http), RpcMeta.ClientCapabilities);
        return s_removed.Contains(method, StringComparer.Ordinal)
            ? new RpcRefusal(StatusCodes.Status404NotFound, McpErrorCode.MethodNotFound, $"Method '{method}' is no part of MCP {RevisionOf(http)}.")
            : null;
    }

    private static RpcRefusal? CheckName(HttpContext http, JsonRpcMessage message, string method)
    {
        var field = method switch
        {
            "tools/call" or "prompts/get" => "name",
            "resources/read" => "uri",
            _ => null,
        };
        if (field is null) return null;
        if (!http.Request.Headers.TryGetValue(Name, out var names)) return Mismatch($"The header {Name} is missing: it must say the same as the body's params.{field}.");
        var header = names.ToString().Trim();
        if (HeaderText.Decode(header) is not { } said) return Mismatch($"The header {Name} is neither plain ASCII nor =?base64?...?=.");
        var inBody = RpcMeta.TextOf(RpcMeta.ParametersOf(message)?[field]);
        return said == inBody ? null : Differs(Name, header, $"the body's params.{field} '{inBody}'");
    }

    private static RpcRefusal Unspoken(string revision, bool isSessionless)
    {
        // Who needs no session picks from this for server/discover, so it must say what that would.
        string[] supported = [.. Revisions.All.Where(r => !isSessionless || Revisions.IsSessionless(r))];
        return new RpcRefusal(StatusCodes.Status400BadRequest, McpErrorCode.UnsupportedProtocolVersion, $"MCP '{revision}' is not spoken here. Use one of {string.Join(", ", Revisions.All)}.")
        {
            Data = new JsonObject { ["supported"] = new JsonArray([.. supported.Select(static r => JsonValue.Create(r))]), ["requested"] = ForeignText.Clean(revision, LongestRevision) },
        };
    }

    private static RpcRefusal Lacks(string revision, string key) =>
        new(StatusCodes.Status400BadRequest, McpErrorCode.InvalidParams, $"A request of MCP {revision} must have params._meta[\"{key}\"]. Without it, send an older {Revision}, or none.");

    private static RpcRefusal Differs(string header, string said, string other) => Mismatch($"The header {header} says '{said}', which is not {other}.");

    private static RpcRefusal Mismatch(string message) => new(StatusCodes.Status400BadRequest, McpErrorCode.HeaderMismatch, message);
}
