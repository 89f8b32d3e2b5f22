namespace Homelab.Host.Web.Rest;

/// <summary>A change that happened.</summary>
internal sealed record RestDone
{
    /// <summary>Null only where its answer was lost and it was asked for by name.</summary>
    public required int? Vmid { get; init; }

    public required string? Name { get; init; }

    public required string? Node { get; init; }

    /// <summary>What the guest was seen to do afterwards.</summary>
    public required VmState Status { get; init; }

    /// <summary>The UPID of the task that did it; null where there was nothing to do.</summary>
    public required string? Task { get; init; }

    /// <summary>False when it was as wanted already.</summary>
    public required bool Changed { get; init; }

    internal static RestDone Of(VmDetail vm) => new() { Vmid = vm.Id, Name = vm.Name, Node = vm.Node, Status = vm.State, Task = vm.Task?.Upid, Changed = vm.Task is not null };

    /// <summary>Its answer was lost, and a read showed that it happened.</summary>
    internal static RestDone Of(VmRef asked, Vm? now) =>
        new() { Vmid = now?.Id ?? asked.Id, Name = now?.Name ?? asked.Name, Node = now?.Node ?? asked.Node, Status = now?.State ?? VmState.Unknown, Task = null, Changed = true };
}

/// <summary>A change that a person must agree to first. Nothing was done.</summary>
internal sealed record RestWaiting
{
    public required string Approval { get; init; }

    /// <summary>Which rules made the question necessary.</summary>
    public required string Reason { get; init; }

    /// <summary>No answer until then means no.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public required string Target { get; init; }

    public required int ConfirmationsNeeded { get; init; }

    public required int ConfirmationsGiven { get; init; }

    /// <summary>What a person types at a shell of the lab.</summary>
    public required string Answer { get; init; }

    /// <summary>What to send once it was answered, with the same body.</summary>
    public required string Repeat { get; init; }

    internal static RestWaiting Of(Approval approval, HttpRequest request)
    {
        var query = request.Query.Where(static q => !string.Equals(q.Key, RestWish.ApprovalField, StringComparison.OrdinalIgnoreCase));
        var again = QueryString.Create(query).Add(RestWish.ApprovalField, approval.Id);
        return new RestWaiting
        {
            Approval = approval.Id,
            Reason = approval.Reason,
            ExpiresAt = approval.ExpiresAt,
            Target = approval.Target,
            ConfirmationsNeeded = approval.Needed,
            ConfirmationsGiven = approval.Confirmations.Count,
            Answer = $"homelab approvals approve {approval.Id}",
            Repeat = $"POST {request.Path.ToUriComponent()}{again.ToUriComponent()}",
        };
    }
}

/// <summary>What would be decided now.</summary>
/// <param name="Operation">The operation behind the route.</param>
/// <param name="What">What it would do.</param>
/// <param name="Target">To what.</param>
/// <param name="Decision"><c>auto</c>, <c>ask</c>, <c>askTwice</c> or <c>deny</c>.</param>
/// <param name="Rules">Every rule that spoke, in the order they were asked.</param>
internal sealed record RestPlan(string Operation, string What, string Target, Requirement Decision, IReadOnlyList<RestRule> Rules)
{
    internal static RestPlan Of(string operation, GateOutcome.Planned planned) => new(
        operation,
        planned.Intent.ToString(),
        planned.Intent.Target.Key,
        planned.Decision.Verdict,
        [.. planned.Decision.Findings.Select(static f => new RestRule(f.Rule, f.Verdict, f.Reason, f.WayOut))]);
}

/// <summary>What one rule says.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Verdict">What it demands.</param>
/// <param name="Reason">Why.</param>
/// <param name="WayOut">What can be done about it; null where nothing can.</param>
internal sealed record RestRule(string Rule, Requirement Verdict, string Reason, string? WayOut);
