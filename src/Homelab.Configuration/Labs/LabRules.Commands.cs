using System.Net;

namespace Homelab.Configuration;

/// <content>Which commands may be run, and where SSH may lead to.</content>
internal sealed partial class LabRules
{
    private const string TagPrefix = "tag:";

    private void CheckCommands(IReadOnlyList<CommandRule> commands)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < commands.Count; i++)
        {
            if (commands[i] is not { } rule) continue;
            var path = $"policy.commands[{i}]";
            if (rule.Name is { } name && !names.Add(name)) Add($"{path}.name", $"is {ProblemList.Show(name)}, and so is another rule", "Give each its own name.");
            CheckWords($"{path}.run", rule);
            if (rule.On is { Count: 0 } && !problems.Has($"{path}.on")) Add($"{path}.on", "is empty, so that it allows nothing", "Write where it may be run: [\"host:*\"], [web-1] or [\"vm:*@pve1\"].");
            for (var at = 0; rule.On is { } on && at < on.Count; at++)
            {
                if (on[at] is { } place && !place.StartsWith(TagPrefix, StringComparison.OrdinalIgnoreCase)) CheckTarget($"{path}.on[{at}]", place);
            }
        }
    }

    private void CheckWords(string path, CommandRule rule)
    {
        if (rule.Run is not { } run || problems.Has(path) || run.Any(static w => w is null)) return;
        if (run.Count == 0 || run[0].Word is { } program && string.IsNullOrWhiteSpace(program))
        {
            Add(path, "names no program", "Write the program and its arguments, each a word: [systemctl, restart, nginx].");
            return;
        }

        if (CommandPolicy.Objection(rule) is { } objection)
        {
            Add(path, $"cannot be used: {objection}", "Write each word as a text, or as one of { choice: [a, b] }, { container: \"*\" }, { unit: \"*\" }, { path: /var/log }, { number: 1..100 }, { like: \"*\" }, { flags: { -a: } }, { rest: true }.");
            return;
        }

        // Whoever may give a wrapper its words may run anything; but at a script, pwsh runs that script.
        if (rule.On?.All(static o => o?.StartsWith("script:", StringComparison.OrdinalIgnoreCase) == true) == true) return;
        if (rule.Verdict == CommandVerdict.Allow && run[0].Word is { } wrapper && WrapperPrograms.Has(wrapper) && run.Any(static w => w.Rest || w.Like is not null))
        {
            problems.Warn(source.Of(path), path, $"lets {wrapper} have words of the caller's choice, and {wrapper} runs other programs: everything is allowed there", "Name each word, or set verdict: approve.");
        }
    }

    private void CheckNetworks(IReadOnlyList<string> networks)
    {
        for (var i = 0; i < networks.Count; i++)
        {
            if (networks[i] is not { } text || IsNetwork(text)) continue;
            Add($"policy.ssh.networks[{i}]", $"is {ProblemList.Show(text)}, which is no network", "Write a prefix such as 100.64.0.0/10 or fd7a:115c:a1e0::/48, or one address; the bits behind the prefix are 0.");
        }
    }

    // Bits behind the prefix are masked away in silence; who writes them means something else.
    private static bool IsNetwork(string text) =>
        IPAddress.TryParse(text, out _)
        || (IPNetwork.TryParse(text, out var network) && IPAddress.TryParse(text[..text.IndexOf('/', StringComparison.Ordinal)], out var given) && given.Equals(network.BaseAddress));

    private void CheckJump(string path, string name, HostDefinition host)
    {
        if (host.Ssh?.Jump is not { } jump) return;
        if (!lab.Hosts.TryGetValue(jump, out var next))
        {
            Add($"{path}.ssh.jump", $"is {ProblemList.Show(jump)}, which is no host of this lab", Hint(jump, lab.Hosts.Keys));
            return;
        }

        if (next.Ssh is null)
        {
            Add($"{path}.ssh.jump", $"is {ProblemList.Show(jump)}, which has no ssh login", $"Give hosts.{jump}.ssh with user and key.");
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal) { name };
        for (var at = jump; lab.Hosts.TryGetValue(at, out var on) && on.Ssh?.Jump is { } further; at = further)
        {
            if (seen.Add(at)) continue;
            Add($"{path}.ssh.jump", $"leads by {ProblemList.Show(jump)} back to itself", "Let one of them be reached directly.");
            return;
        }
    }
}
