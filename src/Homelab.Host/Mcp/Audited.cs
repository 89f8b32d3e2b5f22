using System.Runtime.CompilerServices;
using ModelContextProtocol;

namespace Homelab.Host.Mcp;

/// <summary>Which errors stand in the audit already, so that nobody is written down twice for one attempt. Beside the error: what is in it would be sent to the client.</summary>
internal static class Audited
{
    private static readonly ConditionalWeakTable<Exception, object> s_known = [];

    internal static McpProtocolException Mark(McpProtocolException e)
    {
        s_known.AddOrUpdate(e, e.ErrorCode);
        return e;
    }

    internal static bool Is(Exception e) => s_known.TryGetValue(e, out _);
}
