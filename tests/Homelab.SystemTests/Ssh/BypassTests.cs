using System.Text.RegularExpressions;
using Homelab.SystemTests.Peers;
using Homelab.Tests;

namespace Homelab.SystemTests.Ssh;

/// <summary>The bypass corpus against a real sshd: whatever is asked for, nothing is executed but what a rule allows, word for word.</summary>
public sealed partial class BypassTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("/bin/sh")]
    [InlineData("/bin/bash")]
    [InlineData("/bin/busybox sh")]
    [InlineData("/bin/zsh")]
    [InlineData("/usr/bin/fish")]
    public async Task Nothing_is_executed_but_what_a_rule_allows(string? shell)
    {
        if (shell is not null) Peer.Require(shell, File.Exists(shell.Split(' ')[0]) ? null : $"{shell} is not installed");
        await using var bench = await BypassBench.StartAsync(shell);
        // Programs that this shell has within itself do not stand in the PATH, and no stand-in would see them run.
        var within = shell?.Contains("busybox", StringComparison.Ordinal) == true ? (await Sshd.RunAsync("/bin/busybox", "--list")).Split('\n') : [];
        var wrong = new List<string>();
        foreach (var asked in BypassCorpus.Cases)
        {
            var expected = asked.Expect == BypassCase.Refused ? BypassCase.Denied : asked.Expect;
            if (expected == BypassCase.Allowed && within.Contains(asked.Runs?[0] ?? "echo", StringComparer.Ordinal)) continue;
            var seen = await bench.AskAsync(asked);
            if (seen != expected) wrong.Add($"{asked}: {seen}, not {expected}");
            await LookAsync(bench, asked, mayRun: expected == BypassCase.Allowed, wrong);
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.Take(20)));
        // fish makes its own two folders in any home.
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(bench.Home), e => shell != "/usr/bin/fish" || Path.GetFileName(e) is not (".config" or ".local"));
    }

    [Fact]
    public async Task An_approval_of_one_command_serves_for_no_other()
    {
        await using var bench = await BypassBench.StartAsync(shell: null);
        var wrong = new List<string>();
        foreach (var asked in BypassCorpus.Families.Single(static f => f.Name == "approvals").Cases.Where(static c => c.Expect != BypassCase.Allowed))
        {
            var isIt = asked is { Expect: BypassCase.Approve, Host: "dev" };
            var seen = await bench.AskAsync(asked, await bench.ApprovedAsync("reboot"));
            var expected = isIt ? BypassCase.Allowed : asked.Expect is BypassCase.Denied or BypassCase.Refused ? BypassCase.Denied : "ApprovalMismatch";
            if (seen != expected) wrong.Add($"{asked}: {seen}, not {expected}");
            await LookAsync(bench, asked with { Runs = ["reboot"] }, isIt, wrong);
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.Take(20)));
    }

    [Fact]
    public async Task No_program_is_started_on_the_host_but_the_one_and_its_shell()
    {
        Peer.Require("strace", File.Exists("/usr/bin/strace") ? null : "strace is not installed: apt-get install strace");
        await using var bench = await BypassBench.StartAsync($"/usr/bin/strace -A -f -qq -e trace=execve,execveat -o \"${BypassBench.TraceVariable}\" /bin/sh");
        var wrong = new List<string>();
        var legal = BypassCorpus.Cases.Where(static c => c is { Expect: BypassCase.Allowed, Line.Length: < 1000 }).ToList();
        foreach (var asked in legal)
        {
            if (await bench.AskAsync(asked) is var seen and not BypassCase.Allowed) wrong.Add($"{asked}: {seen}");
            await LookAsync(bench, asked, mayRun: true, wrong);
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.Take(20)));
        var started = (await File.ReadAllLinesAsync(bench.Trace, TestContext.Current.CancellationToken)).Where(static l => Begins().IsMatch(l)).ToList();
        // The login shell, which is given our line, and the sh that reads our script, looked for along the PATH.
        started.RemoveAll(static l => l.Contains("(\"/bin/sh\", [\"/bin/sh\", \"-c\", \"exec sh -c '", StringComparison.Ordinal) || l.Contains("/sh\", [\"sh\", \"-c\", \"n=$1; ", StringComparison.Ordinal));
        Assert.All(started, l => Assert.Contains($"(\"{bench.Programs}/", l, StringComparison.Ordinal));
        Assert.InRange(started.Count, legal.Count, legal.Count * 2);
    }

    private static async Task LookAsync(BypassBench bench, BypassCase asked, bool mayRun, List<string> wrong)
    {
        var executed = await bench.ExecutedAsync();
        var words = asked.Runs ?? (mayRun ? CommandLine.Read(asked.Line).Words : []);
        // Which container is meant is looked up before it is changed.
        IReadOnlyList<string>[] right = !mayRun ? [] : words is ["docker", "restart", .., var name] ? [["docker", "container", "inspect", "--format", "{{.Id}} {{.Name}}", name], words] : [words];
        if (executed.Count == right.Length && executed.Zip(right).All(static p => p.First.SequenceEqual(p.Second, StringComparer.Ordinal))) return;
        wrong.Add($"{asked}: executed {(executed.Count == 0 ? "nothing" : string.Join(", then ", executed.Select(static e => string.Join('|', e.Select(static w => ForeignText.Clean(w, 60))))))}");
    }

    [GeneratedRegex(@"\A\d+ +execve(at)?\(", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Begins();
}
