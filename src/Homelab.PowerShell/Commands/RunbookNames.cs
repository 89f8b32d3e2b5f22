namespace Homelab.PowerShell.Commands;

/// <summary>Finds runbooks by what was typed.</summary>
internal static class RunbookNames
{
    /// <summary>Those that are meant: all without a name, those that fit a pattern, or the one of that name.</summary>
    /// <exception cref="HomelabException"><c>RunbookNotFound</c> (NotFound), with the nearest name.</exception>
    internal static IEnumerable<Runbook> Find(IReadOnlyList<Runbook> all, string? name)
    {
        if (name is null) return all;
        var found = all.Where(r => Wildcard.Matches(name, r.Name)).ToList();
        if (found.Count > 0 || Wildcard.IsPattern(name)) return found;
        throw new HomelabException(ErrorKind.NotFound, "RunbookNotFound", $"The lab has no runbook '{name}'. {NearestName.Hint(name, [.. all.Select(static r => r.Name)])}", name);
    }
}
