using System.Globalization;

namespace Homelab.PowerShell.Formatting;

/// <content>Other MCP servers.</content>
public static partial class Row
{
    /// <summary>How many of a server's tools can be used, and how many it has where that is another number.</summary>
    public static string Tools(McpServerInfo server)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (server.ToolsSeenAt is null) return "";
        return server.AvailableTools == server.TotalTools ? server.TotalTools.ToString(CultureInfo.InvariantCulture) : Part(server.AvailableTools, server.TotalTools);
    }

    /// <summary>A server's tools by category, one category a line.</summary>
    public static string Categories(McpServerInfo server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return Cell.Lines(server.Categories.Select(static c => string.Create(CultureInfo.InvariantCulture, $"{c.Name} {c.Count}: {string.Join(", ", c.Tools.Select(static t => t.Name))}")));
    }

    /// <summary>The names of the tools of a category.</summary>
    public static string Names(McpToolCategory category)
    {
        ArgumentNullException.ThrowIfNull(category);
        return Cell.List(category.Tools.Select(static t => t.Name));
    }
}
