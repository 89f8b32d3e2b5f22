using System.Text.RegularExpressions;

namespace Homelab.Configuration;

/// <content>What callers need before they may act.</content>
internal sealed partial class LabRules
{
    private void CheckPolicy()
    {
        var policy = lab.Policy;
        foreach (var key in policy.Approvals.Keys.Where(static k => !OperationPattern().IsMatch(k)))
        {
            Add($"policy.approvals.{key}", "cannot be the name of an operation", "Write a name such as docker_stop_container, or a pattern such as docker_*.");
        }

        for (var i = 0; i < policy.Targets.Count; i++)
        {
            if (policy.Targets[i] is not { } rule) continue;
            var path = $"policy.targets[{i}]";
            if (rule.Target is { } target) CheckTarget($"{path}.target", target);
            if (!OperationPattern().IsMatch(rule.Operation))
            {
                Add(
                    $"{path}.operation",
                    $"is {ProblemList.Show(rule.Operation)}, which cannot be the name of an operation",
                    "Write a name or a pattern such as docker_*.");
            }

            // Zero is also what a missing value looks like, and that was said before.
            if (rule.Require == Requirement.Auto && !problems.Has($"{path}.require")) AddAuto($"{path}.require");
        }

        CheckTargets("policy.protected", policy.Protected);
        CheckTargets("policy.self", policy.Self);
        CheckPatterns("policy.approval.approvers", policy.Approval.Approvers);
        CheckCommands(policy.Commands);
        CheckNetworks(policy.Ssh.Networks);
        CheckWindows(policy.Windows);
    }

    private void CheckWindows(IReadOnlyList<QuietWindow> windows)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < windows.Count; i++)
        {
            if (windows[i] is not { } window) continue;
            var path = $"policy.windows[{i}]";
            if (window.Name is { } name && !names.Add(name))
            {
                Add($"{path}.name", $"is {ProblemList.Show(name)}, and so is another window", "Give each its own name.");
            }

            if (window.From == window.To && !problems.Has($"{path}.from") && !problems.Has($"{path}.to"))
            {
                Add($"{path}.to", "is when the window begins, so that it never holds", "For a whole day write from: 00:00 and to: 23:59:59.");
            }

            if (window.Require == Requirement.Auto) AddAuto($"{path}.require");
            if (!IsTimeZone(window.TimeZone))
            {
                Add($"{path}.timeZone", $"is {ProblemList.Show(window.TimeZone)}, which is no time zone known here", ZoneHint(window.TimeZone));
            }

            CheckTargets($"{path}.targets", window.Targets);
        }
    }

    private void CheckTargets(string path, IReadOnlyList<string> targets)
    {
        for (var i = 0; i < targets.Count; i++)
        {
            if (targets[i] is { } target) CheckTarget($"{path}[{i}]", target);
        }
    }

    private void CheckTarget(string path, string target)
    {
        if (string.IsNullOrWhiteSpace(target))
        {
            Add(path, "is empty", "Write name, name@host or kind:name@host, with * and ?.");
            return;
        }

        // Protection that names a host wrongly protects nothing, and nobody would notice. The nodes that guests are on are no hosts of the file.
        if (!target.StartsWith("vm:", StringComparison.OrdinalIgnoreCase) && target.LastIndexOf('@') is >= 0 and var at && target[(at + 1)..] is var host && !Wildcard.IsPattern(host) && !lab.Hosts.ContainsKey(host))
        {
            problems.Warn(
                source.Of(path),
                path,
                $"is {ProblemList.Show(target)}, and {ProblemList.Show(host)} is no host of this lab",
                Hint(host, lab.Hosts.Keys));
        }
    }

    private void AddAuto(string path) => Add(path, "is auto, and rules here can only be stricter", "Write ask, askTwice or deny.");

    private static bool IsTimeZone(string name) =>
        string.Equals(name, "UTC", StringComparison.OrdinalIgnoreCase) || (ZonePattern().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _));

    private static string ZoneHint(string name) =>
        NearestName.Of(name, TimeZoneInfo.GetSystemTimeZones().Select(static z => z.Id)) is { } nearest
            ? $"Did you mean '{nearest}'?"
            : "Write an IANA name such as Europe/Berlin, or UTC.";

    [GeneratedRegex(@"\A[a-z0-9_*?]{1,200}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OperationPattern();

    // The name becomes a path below the zone files; it must not lead out of them.
    [GeneratedRegex(
        @"\A[A-Za-z0-9][A-Za-z0-9_+-]*(/[A-Za-z0-9][A-Za-z0-9_+-]*)*\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex ZonePattern();
}
