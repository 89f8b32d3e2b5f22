namespace Homelab.Composition.Clients;

/// <summary>Who reads a skill. The text is the same; what stands before it differs.</summary>
public enum SkillClient
{
    /// <summary>OpenClaw: <c>~/.openclaw/skills</c> or a workspace's <c>skills</c>. It is told to load a skill only where the MCP server is configured.</summary>
    OpenClaw,

    /// <summary>Claude: <c>.claude/skills</c> of a project or a person.</summary>
    Claude,
}
