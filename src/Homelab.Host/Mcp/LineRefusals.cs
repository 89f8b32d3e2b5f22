using Homelab.Host.Logging;
using Homelab.Host.Mcp.Http;
using ModelContextProtocol;

namespace Homelab.Host.Mcp;

/// <summary>Writes down the lines of a client that are no message: how long they were and what was wrong, and nothing of what they held but what the reader of JSON says of it.</summary>
internal sealed class LineRefusals(OperationGate gate, Caller caller, JsonLog log)
{
    private const string Door = "mcp_request";

    internal static RpcRefusal TooLong(int limit) =>
        new(StatusCodes.Status413PayloadTooLarge, McpErrorCode.InvalidRequest, $"The line is longer than {limit} bytes; server.bodyLimit in the lab file raises that.");

    /// <param name="what">What it was and how long.</param>
    /// <param name="refusal">What is wrong with it.</param>
    internal async Task NoteAsync(string what, RpcRefusal refusal)
    {
        try
        {
            await gate.RefuseAsync(Door, what, refusal.Message, caller);
        }
        catch (HomelabException e)
        {
            // It is refused all the same, and nothing is done that would have to be found later.
            log.Write("refusalNotWritten", $"{caller} sent a line that is no message, which could not be written down: {e.Message}");
        }
    }
}
