namespace Homelab.Composition.Clients;

/// <summary>A program with an AI in it that reads its MCP servers from a file.</summary>
public enum ClientProgram
{
    /// <summary>Claude Desktop: <c>claude_desktop_config.json</c>. It starts servers, and reads no address of one.</summary>
    ClaudeDesktop,

    /// <summary>Claude Code: <c>.mcp.json</c> of a project.</summary>
    ClaudeCode,

    /// <summary>Visual Studio Code: <c>.vscode/mcp.json</c>, or <c>mcp.json</c> of the user.</summary>
    VSCode,

    /// <summary>OpenClaw, once clawdbot and moltbot: <c>~/.openclaw/openclaw.json</c>.</summary>
    OpenClaw,
}
