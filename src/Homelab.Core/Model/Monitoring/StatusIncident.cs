namespace Homelab;

/// <summary>A notice that stands on a status page until somebody takes it off.</summary>
public sealed record StatusIncident
{
    /// <summary>Its id in its system.</summary>
    public required string Id { get; init; }

    /// <summary>The page, by the last part of its address.</summary>
    public required string Page { get; init; }

    /// <summary>Its headline.</summary>
    public required string Title { get; init; }

    /// <summary>Its text.</summary>
    public required string Content { get; init; }

    /// <summary>How urgent it looks.</summary>
    public required StatusIncidentStyle Style { get; init; }

    /// <summary>Since when it stands there.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary>How urgent a notice on a status page looks.</summary>
public enum StatusIncidentStyle
{
    /// <summary>For information.</summary>
    Info,

    /// <summary>A warning.</summary>
    Warning,

    /// <summary>Something is broken.</summary>
    Danger,

    /// <summary>In the page's own colour.</summary>
    Primary,

    /// <summary>Light.</summary>
    Light,

    /// <summary>Dark.</summary>
    Dark,
}
