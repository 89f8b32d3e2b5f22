using Homelab.Host.Logging;
using Homelab.Host.Mcp.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Homelab.Host.Mcp.Resources;

/// <summary>What a client is told, and what is written down, when it does not get what it asked for by name or address.</summary>
internal sealed class ResourceRefusals(OperationGate gate, Caller caller, ToolAnswer answer, JsonLog log)
{
    private const int LongestShown = 100;

    /// <summary>What the gate or a query has said. Who may not is told that there is none, and why.</summary>
    internal McpProtocolException Failed(HomelabException e, OperationDescriptor operation, string uri, JsonRpcRequest request)
    {
        var text = ((TextContentBlock)answer.Failed(operation, e).Content[0]).Text;
        return With(new McpProtocolException(text, e.Kind is ErrorKind.NotFound or ErrorKind.Denied ? Missing(request) : McpErrorCode.InternalError), uri);
    }

    /// <summary>An address that means nothing.</summary>
    internal async Task<McpProtocolException> UnknownAsync(string door, string uri, IEnumerable<string> known, JsonRpcRequest request)
    {
        var shown = await NoteAsync(door, uri, "there is no such resource");
        return With(new McpProtocolException($"There is no resource '{shown}'. Known are {string.Join(", ", known)}. Addresses are taken exactly as they are listed.", Missing(request)), uri);
    }

    /// <summary>A prompt that is none.</summary>
    internal async Task<McpProtocolException> UnknownPromptAsync(string name, IReadOnlyCollection<string> known)
    {
        var shown = await NoteAsync("mcp_prompt", name, "there is no such prompt");
        return Audited.Mark(new McpProtocolException($"Unknown prompt: '{shown}'. {NearestName.Hint(name.Length > LongestShown ? "" : name, known)}", McpErrorCode.InvalidParams));
    }

    private async Task<string> NoteAsync(string door, string asked, string reason)
    {
        var shown = ForeignText.Clean(asked, LongestShown);
        log.Write("unknownResource", $"{caller} asked for '{shown}': {reason}");
        await gate.RefuseAsync(door, asked, reason, caller);
        return shown;
    }

    private static McpProtocolException With(McpProtocolException e, string uri)
    {
        e.Data["uri"] = ForeignText.Clean(uri, ResourceAddress.Longest);
        return Audited.Mark(e);
    }

    // Newer revisions have no code of their own for it.
    private static McpErrorCode Missing(JsonRpcRequest request) => Revisions.IsSessionless(request.Context?.ProtocolVersion) ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound;
}
