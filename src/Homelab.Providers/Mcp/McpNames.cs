namespace Homelab.Providers.Mcp;

internal static class McpNames
{
    /// <summary>The key under <c>providers:</c>, and the first part of the operations' names.</summary>
    internal const string Provider = "mcp";

    /// <summary>What the ids of the errors begin with.</summary>
    internal const string Prefix = "McpServer";

    /// <summary>What is tried at a server, in this order.</summary>
    internal const string Connection = "connection";
    internal const string Initialize = "initialize";
    internal const string Protocol = "protocol";
    internal const string Ping = "ping";
    internal const string Tools = "tools";
    internal const string Health = "health";
}
