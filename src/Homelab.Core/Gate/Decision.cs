namespace Homelab;

/// <summary>What the gate decided, with every rule that spoke.</summary>
/// <param name="Verdict">The strictest of the findings.</param>
/// <param name="Findings">Every rule that had something to say, in the order they were asked.</param>
public sealed record Decision(Requirement Verdict, IReadOnlyList<Finding> Findings)
{
    /// <summary>The decision of everything that spoke: the strictest of it.</summary>
    public static Decision Of(IReadOnlyList<Finding> findings)
    {
        var verdict = Requirement.Auto;
        foreach (var finding in findings)
        {
            if (finding.Verdict > verdict) verdict = finding.Verdict;
        }

        return new Decision(verdict, findings);
    }

    /// <summary>The findings that made the verdict.</summary>
    public IEnumerable<Finding> Decisive => Findings.Where(f => f.Verdict == Verdict);

    /// <summary>One line for the audit: <c>Ask (policy.matrix: docker_stop_container needs a person)</c>.</summary>
    public override string ToString() => $"{Verdict} ({string.Join("; ", Decisive.Select(f => $"{f.Rule}: {f.Reason}"))})";
}

/// <summary>What one rule said.</summary>
/// <param name="Rule">The rule's name, stable: <c>access.level</c>.</param>
/// <param name="Verdict">What it demands.</param>
/// <param name="Reason">Why.</param>
/// <param name="WayOut">What the caller can do about it; null where there is nothing to do.</param>
public sealed record Finding(string Rule, Requirement Verdict, string Reason, string? WayOut = null)
{
    /// <summary>How long it will speak against the call; null where nobody can tell.</summary>
    public TimeSpan? Wait { get; init; }
}
