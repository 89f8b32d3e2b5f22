namespace Homelab.Host.Rehearsals;

/// <summary>What the systems were asked to change, by their own account.</summary>
internal static class RehearsalChanges
{
    /// <summary>Method and path, with containers by name.</summary>
    internal static IReadOnlyList<string> Of(RehearsalStage stage)
    {
        var engines = stage.Homelab.Changes.Select(c => $"{c.Method} {string.Join('/', c.Path.Split('/').Select(part => stage.ContainerNames.GetValueOrDefault(part, part)))}{(c.Method == "DELETE" ? c.Query : "")}");
        var hypervisors = stage.Homelab.Proxmox.Requests
            .Where(static r => r.Method is "POST" or "PUT" or "DELETE" && !r.Path.EndsWith("/agent/ping", StringComparison.Ordinal) && !r.Path.StartsWith("/access/", StringComparison.Ordinal))
            .Select(static r => $"{r.Method} {r.Path}");
        var hosts = stage.Homelab.Hosts.Values.SelectMany(static h => h.Changes.Select(c => $"{h.Name}: {c}"));
        return [.. engines, .. hypervisors, .. hosts];
    }

    /// <summary>What among them was not allowed, or more often than allowed; null when nothing was.</summary>
    internal static string? Objection(IReadOnlyList<string> changes, IReadOnlyDictionary<string, int> may, int extra)
    {
        // v=1 removes a container's volumes with it.
        if (changes.FirstOrDefault(static c => c.Contains("volume", StringComparison.OrdinalIgnoreCase) || c.Contains("?v=1", StringComparison.Ordinal) || c.Contains("&v=1", StringComparison.Ordinal) || c.Contains("v=true", StringComparison.OrdinalIgnoreCase)) is { } volume) return $"it touched a volume: {volume}";
        foreach (var group in changes.GroupBy(c => may.Keys.FirstOrDefault(m => Wildcard.Matches(m, c)) ?? "", StringComparer.Ordinal))
        {
            if (group.Key.Length == 0) return $"it acted where it must not: {group.First()}";
            if (group.Count() > may[group.Key] + extra) return $"it did {group.Count()} times what it may do {may[group.Key]} times: {group.First()}";
        }

        return null;
    }
}
