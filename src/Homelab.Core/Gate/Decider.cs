using System.Collections.Concurrent;

namespace Homelab;

/// <summary>Decides, from policy and time alone, what a call needs. Pure: no store, no wire; the limits that need history are in <see cref="LimitRules"/>.</summary>
public sealed class Decider
{
    private readonly AccessPolicy _access;
    private readonly GatePolicy _policy;
    private readonly IReadOnlyList<string> _self;
    private readonly ConcurrentDictionary<(OperationDescriptor Operation, string? Runbook), Finding> _matrix = new();

    /// <param name="access">Who may at all.</param>
    /// <param name="policy">What callers need.</param>
    /// <param name="self">What we run on and are reached by, as target patterns.</param>
    public Decider(AccessPolicy access, GatePolicy policy, IEnumerable<string> self)
    {
        ArgumentNullException.ThrowIfNull(access);
        ArgumentNullException.ThrowIfNull(policy);
        _access = access;
        _policy = policy;
        _self = [.. policy.Self.Concat(self).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Decides one call.</summary>
    /// <param name="operation">What is asked for.</param>
    /// <param name="target">What it acts on, canonical.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="now">The time it is.</param>
    /// <param name="onlyLooks">True where this very call changes nothing, whatever the operation may do.</param>
    public Decision Decide(OperationDescriptor operation, Target target, Caller caller, DateTimeOffset now, bool onlyLooks = false)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(caller);
        var findings = new List<Finding>(4) { ByLevel(operation, caller), ByMatrix(operation, caller) };
        if (operation.IsChange)
        {
            ByTarget(operation, target, findings);
            if (!onlyLooks) ByProtection(operation, target, findings);
            if (!onlyLooks && caller.IsUnattended && operation.Risk >= Risk.Disrupt) ByWindow(target, now, findings);
        }

        return Decision.Of(findings);
    }

    /// <summary>Decides as far as it can be done before a target is known: by level and matrix. What this denies, no input makes possible.</summary>
    public Decision Foresee(OperationDescriptor operation, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(caller);
        return Decision.Of([ByLevel(operation, caller), ByMatrix(operation, caller)]);
    }

    private Finding ByLevel(OperationDescriptor operation, Caller caller)
    {
        var granted = _access.Of(caller.Face);
        if (_access.Identities.Count > 0 && _access.Identities.TryGetValue(caller.ToString(), out var own)) granted = own;
        if (caller.Ceiling < granted) granted = caller.Ceiling;
        if (granted >= operation.Level && !caller.Scope.Allows(operation.Name))
        {
            return new Finding(Rules.Scope, Requirement.Deny, $"the credential of {caller} is for {caller.Scope}, not for {operation.Name}", "Use a credential that is for it, or have a person make one.");
        }

        return granted >= operation.Level
            ? new Finding(Rules.Level, Requirement.Auto, "the caller's level suffices")
            : new Finding(
                Rules.Level,
                Requirement.Deny,
                $"{caller} has level {granted}, and {operation.Name} needs {operation.Level}",
                $"Raise access.{FaceNames.Of(caller.Face)}, or access.identities for {caller}, in the lab file.");
    }

    // A runbook that the policy does not speak of is like none: names of runbooks come from files, and must not fill the memory.
    private Finding ByMatrix(OperationDescriptor operation, Caller caller) =>
        _matrix.GetOrAdd((operation, caller.Runbook is { } runbook && _policy.Runbooks.ContainsKey(runbook) ? runbook : null), ByMatrix);

    private Finding ByMatrix((OperationDescriptor Operation, string? Runbook) asked)
    {
        var operation = asked.Operation;
        var general = Rule(_policy.Approvals, operation);
        var own = asked.Runbook is { } runbook ? Rule(_policy.Runbooks[runbook].Approvals, operation) : null;
        if (general is { Requirement: Requirement.Deny }) own = null;
        var requirement = own?.Requirement ?? general?.Requirement ?? operation.Unattended;
        var source = (own, general) switch
        {
            ({ } rule, _) => $"policy.runbooks.{asked.Runbook}.approvals '{rule.Pattern}'",
            (null, { } rule) => $"policy.approvals '{rule.Pattern}'",
            _ => "the default matrix",
        };
        return requirement switch
        {
            Requirement.Auto => new Finding(Rules.Matrix, requirement, $"{source} lets {operation.Name} run by itself"),
            Requirement.Ask => new Finding(Rules.Matrix, requirement, $"{source} wants a person's approval for {operation.Name}", "Approve it, or set policy.approvals in the lab file."),
            Requirement.AskTwice => new Finding(Rules.Matrix, requirement, $"{source} wants two confirmations for {operation.Name}", "Approve it twice, or set policy.approvals in the lab file."),
            _ => new Finding(Rules.Matrix, Requirement.Deny, $"{source} forbids {operation.Name}", "Change policy.approvals in the lab file."),
        };
    }

    // The longest pattern is the most specific; of equally long ones the stricter wins.
    private static (string Pattern, Requirement Requirement)? Rule(IReadOnlyDictionary<string, Requirement> approvals, OperationDescriptor operation) =>
        approvals
            .Where(r => Wildcard.Matches(r.Key, operation.Name))
            .OrderByDescending(r => Wildcard.IsPattern(r.Key) ? r.Key.Length : int.MaxValue)
            .ThenByDescending(r => r.Value)
            .Select(r => ((string Pattern, Requirement Requirement)?)(r.Key, r.Value))
            .FirstOrDefault();

    private void ByTarget(OperationDescriptor operation, Target target, List<Finding> findings)
    {
        foreach (var rule in _policy.Targets)
        {
            if (Wildcard.Matches(rule.Operation, operation.Name) && target.IsMeantBy(rule.Target))
            {
                findings.Add(new Finding(Rules.Target, rule.Require, $"policy.targets '{rule.Target}' asks for {rule.Require} on {target}", "Change policy.targets in the lab file."));
            }
        }
    }

    private void ByProtection(OperationDescriptor operation, Target target, List<Finding> findings)
    {
        if (operation.Risk < Risk.Disrupt) return;
        Protect(operation, target, _policy.Protected, Rules.Protected, "protected", "Take it off policy.protected in the lab file.", findings);
        Protect(operation, target, _self, Rules.Self, "what this program runs on or is reached by", "Do it by hand, on the machine itself.", findings);
    }

    private static void Protect(OperationDescriptor operation, Target target, IReadOnlyList<string> patterns, string rule, string what, string wayOut, List<Finding> findings)
    {
        foreach (var pattern in patterns)
        {
            if (!target.IsMeantBy(pattern)) continue;
            findings.Add(operation.Risk == Risk.Destroy
                ? new Finding(rule, Requirement.Deny, $"{target} is {what} ('{pattern}') and is never destroyed", wayOut)
                : new Finding(rule, Requirement.AskTwice, $"{target} is {what} ('{pattern}')", "Two confirmations are needed. " + wayOut));
            return;
        }
    }

    private void ByWindow(Target target, DateTimeOffset now, List<Finding> findings)
    {
        foreach (var window in _policy.Windows)
        {
            if (window.Targets.Count > 0 && !window.Targets.Any(target.IsMeantBy)) continue;
            if (!window.Holds(now)) continue;
            findings.Add(new Finding(Rules.Window, window.Require, $"quiet window '{window.Name}' is open until {window.To:HH\\:mm} {window.TimeZone}", "Wait, or do it at a prompt."));
        }
    }
}
