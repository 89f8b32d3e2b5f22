using System.ComponentModel;

namespace Homelab;

/// <summary>Who may at all, by the way a call comes in and by who it is. The lab file's <c>access:</c>.</summary>
public sealed record AccessPolicy
{
    /// <summary>A person at a prompt.</summary>
    [Description("What a person at a prompt may do: none, monitor, operate, configure or manage.")]
    public Level Interactive { get; init; } = Level.Manage;

    /// <summary>An AI client.</summary>
    [Description("What an AI client may do. Start with monitor.")]
    public Level Mcp { get; init; } = Level.Monitor;

    /// <summary>Healing set off by an alert.</summary>
    [Description("What healing may do when an alert sets it off.")]
    public Level Webhook { get; init; } = Level.Operate;

    /// <summary>Runbooks set off by the clock.</summary>
    [Description("What runbooks may do when the clock sets them off.")]
    public Level Schedule { get; init; } = Level.Operate;

    /// <summary>The REST face and the dashboard.</summary>
    [Description("What REST clients and the dashboard may do.")]
    public Level Rest { get; init; } = Level.Operate;

    /// <summary>Levels of single callers, by <c>face:identity</c>; they replace the face's level.</summary>
    [Description("Levels of single callers, by face:identity, such as mcp:claude. They replace the level of the face.")]
    public IReadOnlyDictionary<string, Level> Identities { get; init; } = new Dictionary<string, Level>(StringComparer.Ordinal);

    /// <summary>The level of the face alone.</summary>
    public Level Of(Face face) => face switch
    {
        Face.Interactive => Interactive,
        Face.Webhook => Webhook,
        Face.Schedule => Schedule,
        Face.Mcp => Mcp,
        Face.Rest => Rest,
        _ => Level.None,
    };
}
