using System.Globalization;

namespace Homelab.Composition;

/// <summary>Who may answer questions: those that the policy names, and those that a channel's own settings name for it.</summary>
internal static class ApproverList
{
    internal static ApprovalPolicy Complete(LabDefinition lab)
    {
        var policy = lab.Policy.Approval;
        var own = lab.Notify.Telegram?.Approvers.Select(static id => string.Create(CultureInfo.InvariantCulture, $"telegram:{id}")) ?? [];
        return policy with { Approvers = [.. policy.Approvers.Concat(own).Distinct(StringComparer.Ordinal)] };
    }
}
