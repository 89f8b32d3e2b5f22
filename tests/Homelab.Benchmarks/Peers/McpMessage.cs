using System.Text.Json.Nodes;

namespace Homelab.Benchmarks.Peers;

/// <summary>What an AI client sends: the whole list of tools, and one look that needs no other system.</summary>
/// <param name="Method">The method.</param>
/// <param name="Name">The tool, for a call.</param>
internal sealed record McpMessage(string Method, string? Name = null)
{
    internal const string Newest = "2026-07-28";
    internal const string Sessions = "2025-11-25";

    internal static readonly McpMessage List = new("tools/list");

    /// <summary>Whether healing is suspended: one read of the state, one line of the audit.</summary>
    internal static readonly McpMessage Read = new("tools/call", "heal_state");

    internal static string Initialize => """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"REVISION","capabilities":{},"clientInfo":{"name":"benchmark","version":"1"}}}""".Replace("REVISION", Sessions, StringComparison.Ordinal);

    internal static string Initialized => """{"jsonrpc":"2.0","method":"notifications/initialized"}""";

    /// <summary>One line of JSON.</summary>
    /// <param name="id">The request's number.</param>
    /// <param name="isAlone">True for the revision without sessions, where each request says what it is of.</param>
    internal string Text(int id, bool isAlone = false)
    {
        var parameters = new JsonObject();
        if (Name is not null) (parameters["name"], parameters["arguments"]) = (Name, new JsonObject());
        if (isAlone) parameters["_meta"] = new JsonObject { ["io.modelcontextprotocol/protocolVersion"] = Newest, ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject() };
        return new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = Method, ["params"] = parameters }.ToJsonString();
    }
}
