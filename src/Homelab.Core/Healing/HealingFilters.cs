namespace Homelab;

/// <summary>Which incidents are asked for. What is not given does not narrow.</summary>
public sealed record IncidentFilter
{
    /// <summary>The service, exactly.</summary>
    public string? Service { get; init; }

    /// <summary>Only those that are not closed.</summary>
    public bool OnlyOpen { get; init; }

    /// <summary>Only the members of this incident, by its id.</summary>
    public string? Parent { get; init; }

    /// <summary>Only those that are no member of another.</summary>
    public bool OnlyRoots { get; init; }

    /// <summary>Only those opened at this moment or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>At most so many, the newest.</summary>
    public int Most { get; init; } = 100;
}

/// <summary>Which runs are asked for. What is not given does not narrow.</summary>
public sealed record RunFilter
{
    /// <summary>The runbook, exactly.</summary>
    public string? Runbook { get; init; }

    /// <summary>The service, exactly.</summary>
    public string? Service { get; init; }

    /// <summary>How whoever asked came in.</summary>
    public Face? Face { get; init; }

    /// <summary>Only those that belong to no incident.</summary>
    public bool OnlyOnRequest { get; init; }

    /// <summary>Only those that have not ended.</summary>
    public bool OnlyOpen { get; init; }

    /// <summary>Only those begun at this moment or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>At most so many, the newest.</summary>
    public int Most { get; init; } = 100;
}
