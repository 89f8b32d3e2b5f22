namespace Homelab;

/// <summary>The way a call came in.</summary>
public enum Face
{
    /// <summary>A person at a prompt.</summary>
    Interactive,

    /// <summary>An alert.</summary>
    Webhook,

    /// <summary>The clock.</summary>
    Schedule,

    /// <summary>An AI client.</summary>
    Mcp,

    /// <summary>The REST face or the dashboard.</summary>
    Rest,
}

/// <summary>Who asks. Faces make it from what they have authenticated, never from what a message claims.</summary>
/// <param name="Face">The way the call came in.</param>
/// <param name="Identity">Who it is: the user at the prompt, the hook's name, the client's name.</param>
public sealed record Caller(Face Face, string Identity)
{
    /// <summary>The most this caller's credential allows, where it carries a level of its own. Never raises what the policy gives.</summary>
    public Level Ceiling { get; init; } = Level.Manage;

    /// <summary>The operations that this caller's credential is for.</summary>
    public OperationScope Scope { get; init; } = OperationScope.All;

    /// <summary>The incident on whose behalf it is asked.</summary>
    public string? Incident { get; init; }

    /// <summary>The run of a runbook on whose behalf it is asked.</summary>
    public string? Run { get; init; }

    /// <summary>The runbook whose step it is; set by whoever takes the steps, and never by a face.</summary>
    public string? Runbook { get; init; }

    /// <summary>True for the program itself where it looks at the same things over and over: such a look is written down when it ends otherwise than the last one did.</summary>
    public bool IsRoutine { get; init; }

    /// <summary>True when nobody sits there who could be asked.</summary>
    public bool IsUnattended => Face != Face.Interactive;

    /// <summary><c>mcp:claude</c>.</summary>
    public override string ToString() => $"{FaceNames.Of(Face)}:{Identity}";
}

/// <summary>The faces' names as policies and audits write them.</summary>
public static class FaceNames
{
    /// <summary>Lower case: <c>interactive</c>, <c>webhook</c>, <c>schedule</c>, <c>mcp</c>, <c>rest</c>.</summary>
    public static string Of(Face face) => face switch
    {
        Face.Interactive => "interactive",
        Face.Webhook => "webhook",
        Face.Schedule => "schedule",
        Face.Mcp => "mcp",
        Face.Rest => "rest",
        _ => throw new ArgumentOutOfRangeException(nameof(face), face, null),
    };
}
