namespace Homelab;

/// <summary>One thing that was looked at to see whether a lab can work, and what to do where it cannot.</summary>
public sealed record LabCheck
{
    /// <summary>What kind of thing: <c>file</c>, <c>runbook</c>, <c>policy</c>, <c>hook</c>, <c>secret</c>, <c>connection</c>, <c>rights</c>, <c>monitor</c>, <c>host</c>, <c>dns</c>, <c>certificate</c>, <c>service</c>.</summary>
    public required string Group { get; init; }

    /// <summary>Which one: a place in a file, <c>docker@dev</c>, a service.</summary>
    public required string Name { get; init; }

    /// <summary>The verdict.</summary>
    public required CheckStatus Status { get; init; }

    /// <summary>What was seen. One line, for people; never a secret.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What to do; empty when all is well.</summary>
    public string Fix { get; init; } = "";

    /// <summary>All is well.</summary>
    public static LabCheck Ok(string group, string name, string detail) => new() { Group = group, Name = name, Status = CheckStatus.Ok, Detail = detail };

    /// <summary>It can be used, but is probably not meant so.</summary>
    public static LabCheck Warning(string group, string name, string detail, string fix) => new() { Group = group, Name = name, Status = CheckStatus.Warning, Detail = detail, Fix = fix };

    /// <summary>It cannot be used.</summary>
    public static LabCheck Failed(string group, string name, string detail, string fix) => new() { Group = group, Name = name, Status = CheckStatus.Failed, Detail = detail, Fix = fix };

    /// <summary>It cannot be used, for the reason of an exception.</summary>
    /// <param name="group">What kind of thing.</param>
    /// <param name="name">Which one.</param>
    /// <param name="e">Why.</param>
    /// <param name="otherwise">What to do, where the exception does not say it apart.</param>
    public static LabCheck Failed(string group, string name, HomelabException e, string otherwise)
    {
        ArgumentNullException.ThrowIfNull(e);
        return Failed(group, name, e.What, e.WayOut.Length > 0 ? e.WayOut : otherwise);
    }

    /// <summary>It was not looked at.</summary>
    public static LabCheck Skipped(string group, string name, string why, string fix) => new() { Group = group, Name = name, Status = CheckStatus.Skipped, Detail = why, Fix = fix };
}

/// <summary>The verdict of a check of the lab.</summary>
public enum CheckStatus
{
    /// <summary>It cannot be used, or nobody can tell.</summary>
    Failed,

    /// <summary>It can be used, but is probably not meant so.</summary>
    Warning,

    /// <summary>It was not looked at; the detail says why.</summary>
    Skipped,

    /// <summary>All is well.</summary>
    Ok,
}
