using System.Collections.Concurrent;

namespace Homelab;

/// <summary>Decides, from the policy in force and the time alone, what a call needs. No store, no wire; the limits that need history are in <see cref="LimitRules"/>.</summary>
public sealed class Decider
{
    private readonly IReadOnlyList<string> _foundSelf;
    private volatile InForce _now;

    /// <param name="access">Who may at all.</param>
    /// <param name="policy">What callers need.</param>
    /// <param name="self">What we run on and are reached by, as target patterns.</param>
    public Decider(AccessPolicy access, GatePolicy policy, IEnumerable<string> self)
    {
        _foundSelf = [.. self];
        _now = InForce.Of(access, policy, _foundSelf);
    }

    /// <summary>Another policy holds from now on.</summary>
    public event EventHandler? Changed;

    /// <summary>Another one for each policy that was put in force.</summary>
    public int Version => _now.Version;

    /// <summary>Who may at all, as it holds now.</summary>
    public AccessPolicy Access => _now.Access;

    /// <summary>What callers need, as it holds now.</summary>
    public GatePolicy Policy => _now.Policy;

    /// <summary>Puts another policy in force, for every decision from now on; one that is being made is made by the old one.</summary>
    public void Take(AccessPolicy access, GatePolicy policy)
    {
        _now = InForce.Of(access, policy, _foundSelf) with { Version = Version + 1 };
        Changed?.Invoke(this, EventArgs.Empty);
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
        var held = _now;
        var findings = new List<Finding>(4) { ByLevel(held, operation, caller), ByMatrix(held, operation, caller) };
        if (operation.IsChange)
        {
            ByTarget(held, operation, target, findings);
            if (!onlyLooks) ByProtection(held, operation, target, findings);
            if (!onlyLooks && caller.IsUnattended && operation.Risk >= Risk.Disrupt) ByWindow(held, target, now, findings);
        }

        return Decision.Of(findings);
    }

    /// <summary>Decides as far as it can be done before a target is known: by level and matrix. What this denies, no input makes possible.</summary>
    public Decision Foresee(OperationDescriptor operation, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(caller);
        var held = _now;
        return Decision.Of([ByLevel(held, operation, caller), ByMatrix(held, operation, caller)]);
    }

    private static Finding ByLevel(InForce held, OperationDescriptor operation, Caller caller)
    {
        var granted = held.Access.Of(caller.Face);
        if (held.Access.Identities.Count > 0 && held.Access.Identities.TryGetValue(caller.ToString(), out var own)) granted = own;
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
    private static Finding ByMatrix(InForce held, OperationDescriptor operation, Caller caller) =>
        held.Matrix.GetOrAdd((operation, caller.Runbook is { } runbook && held.Policy.Runbooks.ContainsKey(runbook) ? runbook : null), ByMatrix, held.Policy);

    private static Finding ByMatrix((OperationDescriptor Operation, string? Runbook) asked, GatePolicy policy)
    {
        var operation = asked.Operation;
        var general = Rule(policy.Approvals, operation);
        var own = asked.Runbook is { } runbook ? Rule(policy.Runbooks[runbook].Approvals, operation) : null;
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

    private static void ByTarget(InForce held, OperationDescriptor operation, Target target, List<Finding> findings)
    {
        foreach (var rule in held.Policy.Targets)
        {
            if (Wildcard.Matches(rule.Operation, operation.Name) && target.IsMeantBy(rule.Target))
            {
                findings.Add(new Finding(Rules.Target, rule.Require, $"policy.targets '{rule.Target}' asks for {rule.Require} on {target}", "Change policy.targets in the lab file."));
            }
        }
    }

    private static void ByProtection(InForce held, OperationDescriptor operation, Target target, List<Finding> findings)
    {
        if (operation.Risk < Risk.Disrupt) return;
        Protect(operation, target, held.Policy.Protected, Rules.Protected, "protected", "Take it off policy.protected in the lab file.", findings);
        Protect(operation, target, held.Self, Rules.Self, "what this program runs on or is reached by", "Do it by hand, on the machine itself.", findings);
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

    private static void ByWindow(InForce held, Target target, DateTimeOffset now, List<Finding> findings)
    {
        foreach (var window in held.Policy.Windows)
        {
            if (window.Targets.Count > 0 && !window.Targets.Any(target.IsMeantBy)) continue;
            if (!window.Holds(now)) continue;
            findings.Add(new Finding(Rules.Window, window.Require, $"quiet window '{window.Name}' is open until {window.To:HH\\:mm} {window.TimeZone}", "Wait, or do it at a prompt."));
        }
    }

    // All of it is of one policy, whatever is put in force meanwhile.
    private sealed record InForce(AccessPolicy Access, GatePolicy Policy, IReadOnlyList<string> Self)
    {
        internal int Version { get; init; }

        internal ConcurrentDictionary<(OperationDescriptor Operation, string? Runbook), Finding> Matrix { get; } = new();

        internal static InForce Of(AccessPolicy access, GatePolicy policy, IReadOnlyList<string> self)
        {
            ArgumentNullException.ThrowIfNull(access);
            ArgumentNullException.ThrowIfNull(policy);
            return new InForce(access, policy, [.. policy.Self.Concat(self).Distinct(StringComparer.OrdinalIgnoreCase)]);
        }
    }
}
