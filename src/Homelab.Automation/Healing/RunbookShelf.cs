using Homelab.Automation.Correlation;
using Homelab.Automation.Expressions;
using Homelab.Automation.Runbooks;

namespace Homelab.Automation.Healing;

/// <summary>The runbooks there are, and which of them an alert sets off.</summary>
public sealed class RunbookShelf
{
    private readonly IReadOnlyList<Runbook> _runbooks;

    /// <param name="runbooks">Checked ones.</param>
    public RunbookShelf(IEnumerable<Runbook> runbooks) => _runbooks = [.. runbooks.OrderBy(r => r.Name, StringComparer.Ordinal)];

    /// <summary>Every runbook, by name.</summary>
    public IReadOnlyList<Runbook> All => _runbooks;

    /// <summary>The runbook of a name, or null when it was removed.</summary>
    public Runbook? Find(string name) => _runbooks.FirstOrDefault(r => r.Name == name);

    /// <summary>The runbook an alert sets off for a service: of those that fit, the one that says most about when it fits. Null when none does.</summary>
    public Runbook? Choose(string service, ServiceDefinition definition, Alert alert) => Fitting(service, definition, alert) is [var first, ..] ? first : null;

    /// <summary>The runbook of a name.</summary>
    /// <exception cref="HomelabException"><c>RunbookNotFound</c> (NotFound).</exception>
    public Runbook Get(string name) =>
        Find(name) ?? throw new HomelabException(ErrorKind.NotFound, "RunbookNotFound", $"There is no runbook '{name}'. {NearestName.Hint(name, [.. _runbooks.Select(r => r.Name)])}".TrimEnd(), name);

    /// <summary>Those that are meant: all without a name, those that fit a pattern, or the one of that name.</summary>
    /// <exception cref="HomelabException"><c>RunbookNotFound</c> (NotFound).</exception>
    internal IReadOnlyList<Runbook> Named(string? name)
    {
        if (name is null) return _runbooks;
        return Wildcard.IsPattern(name) ? [.. _runbooks.Where(r => Wildcard.Matches(name, r.Name))] : [Get(name)];
    }

    /// <summary>Those that fit, the one that says most about when it fits first.</summary>
    internal IReadOnlyList<Runbook> Fitting(string service, ServiceDefinition definition, Alert alert) =>
        [.. _runbooks
            .Where(r => r.Trigger?.Alert is { } trigger && Fits(trigger, service, definition, alert))
            .OrderByDescending(r => Precision(r.Trigger!.Alert!))];

    private static bool Fits(AlertTrigger trigger, string service, ServiceDefinition definition, Alert alert)
    {
        if (trigger.Status != alert.Status) return false;
        if (trigger.Source is { } source && !string.Equals(source, alert.Source, StringComparison.OrdinalIgnoreCase)) return false;
        if (trigger.Resource is { } resource && !string.Equals(resource, alert.Resource, StringComparison.OrdinalIgnoreCase)) return false;
        // A machine that no service stands for is nothing that a runbook for services was written for.
        if (ServiceGraph.IsImplicitHost(service) && trigger.Service is not ({ Provides: ServiceRole.Host } or { Name: not null })) return false;
        if (trigger.Service?.Name is { } name && !Wildcard.Matches(name, service)) return false;
        if (trigger.Service?.HasContainer is { } has && has != (definition.Container is not null)) return false;
        if (trigger.Service?.HasVm is { } hasVm && hasVm != (definition.Vm is not null)) return false;
        if (trigger.Service?.HasUnit is { } hasUnit && hasUnit != (definition.Unit is not null)) return false;
        if (trigger.Service?.Provides is { } provides && provides != definition.Provides) return false;
        return trigger.When is not { } when || Expression.Parse(when).Holds(new RunbookScope(service, definition, alert, incident: null).Values);
    }

    private static int Precision(AlertTrigger trigger) =>
        Count(trigger.Source) + Count(trigger.Resource) + Count(trigger.When) + Count(trigger.Service?.HasContainer) + Count(trigger.Service?.HasVm) + Count(trigger.Service?.HasUnit)
        + (2 * Count(trigger.Service?.Provides)) + (trigger.Service?.Name is { } name ? Wildcard.IsPattern(name) ? 2 : 4 : 0);

    private static int Count(object? condition) => condition is null ? 0 : 1;
}
