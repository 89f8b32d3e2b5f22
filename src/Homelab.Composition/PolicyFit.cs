using Homelab.Automation.Runbooks;
using Homelab.Configuration;

namespace Homelab.Composition;

/// <summary>Whether what a lab file says of policy and services fits the catalog and the runbooks: what no file shows by itself.</summary>
internal static class PolicyFit
{
    /// <summary>Every problem, of the runbooks under this policy as well.</summary>
    internal static IReadOnlyList<ConfigurationProblem> Check(LabFile file, OperationCatalog catalog, IReadOnlyList<Runbook> runbooks, RunbookChecker checker) =>
        [.. runbooks.SelectMany(checker.Check), .. RunbookChecker.CheckHandovers(runbooks), .. Problems(file, catalog, runbooks)];

    private static IEnumerable<ConfigurationProblem> Problems(LabFile file, OperationCatalog catalog, IReadOnlyList<Runbook> runbooks)
    {
        var policy = file.Lab.Policy;
        var patterns = policy.Approvals.Keys.Select(p => (Path: $"policy.approvals.{p}", Pattern: p))
            .Concat(policy.Runbooks.SelectMany(r => r.Value.Approvals.Keys.Select(p => (Path: $"policy.runbooks.{r.Key}.approvals.{p}", Pattern: p))));
        foreach (var (path, pattern) in patterns.Where(p => !catalog.All.Any(o => Wildcard.Matches(p.Pattern, o.Descriptor.Name))))
        {
            yield return new ConfigurationProblem(file.Source.Of(path), path, "means no operation", NearestName.Hint(pattern, [.. catalog.All.Select(o => o.Descriptor.Name)]));
        }

        foreach (var name in policy.Runbooks.Keys.Where(n => !runbooks.Any(r => r.Name == n)))
        {
            var path = $"policy.runbooks.{name}";
            yield return new ConfigurationProblem(file.Source.Of(path), path, "is no runbook", NearestName.Hint(name, [.. runbooks.Select(r => r.Name)]));
        }

        foreach (var runbook in runbooks)
        {
            const string path = "spec.trigger.schedule.service";
            if (runbook.Trigger?.Schedule?.Service is not { } service || file.Lab.Services.ContainsKey(service)) continue;
            yield return new ConfigurationProblem(runbook.Source.Of(path), path, $"'{service}' is no service of the lab", NearestName.Hint(service, [.. file.Lab.Services.Keys]));
        }
    }
}
