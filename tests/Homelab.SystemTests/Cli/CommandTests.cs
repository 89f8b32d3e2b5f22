using System.Xml.Linq;
using Homelab.Lab;
using SQLitePCL;

namespace Homelab.SystemTests.Cli;

public sealed class CommandTests
{
    [Fact]
    public async Task Questions_are_listed_and_answered_from_another_process_while_it_serves()
    {
        await using var bench = await CliBench.OpenAsync();
        bench.Stage.WriteRunbook("container-crash-recovery", "restart", "docker_restart_container", approve: true);
        var (serve, _) = await bench.ServeAsync();
        Assert.Equal((0, "Nothing waits for an answer.", ""), await bench.RunAsync("approvals", "list"));

        await bench.CrashAsync("redis", "Redis");
        var yes = Id((await serve.EventAsync("approvalNeeded", "redis")).GetProperty("text").GetString()!);
        await bench.CrashAsync("traefik", "Traefik");
        var no = Id((await serve.EventAsync("approvalNeeded", "traefik")).GetProperty("text").GetString()!);
        Assert.Empty(bench.Stage.Homelab.Changes);
        var (code, output, _) = await bench.RunAsync("approvals", "list");
        Assert.Equal(0, code);
        Assert.Contains($"{yes}  Restart container redis@dev?  pending, 0 of 1 confirmations", output, StringComparison.Ordinal);
        // Traefik is protected by the lab file: two confirmations.
        Assert.Contains($"{no}  Restart container traefik@infra?  pending, 0 of 2 confirmations", output, StringComparison.Ordinal);

        bench.Stage.Homelab.Kuma.StartChecking();
        (code, output, _) = await bench.RunAsync("approvals", "approve", yes);
        Assert.Equal(0, code);
        Assert.Contains("approved, 1 of 1", output, StringComparison.Ordinal);
        await serve.EventAsync("recovered", "redis");
        Assert.Equal(0, (await bench.RunAsync("approvals", "approve", no)).Code);
        (code, _, var errors) = await bench.RunAsync("approvals", "approve", no);
        Assert.Equal((1, true), (code, errors.StartsWith("ConfirmationNotDifferent: ", StringComparison.Ordinal)));
        Assert.Equal(0, (await bench.RunAsync("approvals", "deny", no)).Code);
        Assert.Contains("said no", (await serve.EventAsync("escalated", "traefik")).GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal([$"/containers/{bench.Stage.Homelab.ContainerOf("redis").Id}/restart"], bench.Stage.Homelab.Changes.Select(c => c.Path));

        (code, _, errors) = await bench.RunAsync("approvals", "approve", yes);
        Assert.Equal((1, true), (code, errors.StartsWith("ApprovalClosed: ", StringComparison.Ordinal)));
        (code, _, errors) = await bench.RunAsync("approvals", "deny", "0000");
        Assert.Equal((1, true), (code, errors.StartsWith("ApprovalNotFound: ", StringComparison.Ordinal)));

        await serve.SignalAsync("TERM");
        Assert.Equal(0, await serve.EndAsync());
        await TamperAsync(bench);
    }

    [Fact]
    public async Task A_lab_that_is_well_passes_the_check_and_one_that_is_not_does_not()
    {
        await using var bench = await CliBench.OpenAsync();
        var (code, output, errors) = await bench.RunAsync("check", "--junit", "reports/check.xml");
        Assert.Equal((0, ""), (code, errors));
        Assert.EndsWith(" ok, 0 not ok", output, StringComparison.Ordinal);
        var report = XDocument.Load(Path.Combine(bench.Stage.Folder, "reports", "check.xml"));
        Assert.Equal(HomelabPlan.Services.Select(s => s.Name).Order(StringComparer.Ordinal), Cases(report, "service").Order(StringComparer.Ordinal));
        Assert.Empty(report.Descendants("failure"));
        Assert.Equal(HomelabPlan.Hosts.Select(h => h.Name).Order(StringComparer.Ordinal), Cases(report, "host").Order(StringComparer.Ordinal));
        Assert.Equal(["gitea.thinmint.test", "open-webui.thinmint.test", "www.example.org"], Cases(report, "dns").Order(StringComparer.Ordinal));
        JUnitSchema.AssertValid(report);
        // It leaves nothing behind.
        Assert.False(File.Exists(bench.Stage.StateFile));
        Assert.Empty(bench.Stage.Homelab.Changes);

        bench.Stage.Homelab.ContainerOf("gitea").Crash(137);
        (code, output, _) = await bench.RunAsync("check", "--junit", "reports/check.xml");
        Assert.Equal(1, code);
        Assert.Contains("NOT OK service     gitea: ", output, StringComparison.Ordinal);
        report = XDocument.Load(Path.Combine(bench.Stage.Folder, "reports", "check.xml"));
        Assert.Equal("gitea", (string?)Assert.Single(report.Descendants("failure")).Parent!.Attribute("name"));
        JUnitSchema.AssertValid(report);
        Assert.Equal("1", (string?)report.Descendants("testsuite").Single(s => (string?)s.Attribute("name") == "service").Attribute("failures"));

        (code, output, _) = await bench.RunAsync("check", "--offline", "--junit", "reports/offline.xml");
        Assert.Equal(0, code);
        report = XDocument.Load(Path.Combine(bench.Stage.Folder, "reports", "offline.xml"));
        JUnitSchema.AssertValid(report);
        Assert.Equal("1", (string?)report.Root!.Attribute("skipped"));
        Assert.DoesNotContain("service  ", output, StringComparison.Ordinal);

        (code, _, errors) = await bench.RunAsync("check", "--offline", "--junit", bench.Stage.Folder);
        Assert.Equal((1, true), (code, errors.StartsWith("ReportUnwritable: ", StringComparison.Ordinal)));
        bench.Stage.Write("homelab.yaml", (await File.ReadAllTextAsync(bench.Stage.LabFile, TestContext.Current.CancellationToken)).Replace(SimulatedTokens.HookVariable, "NOT_SET", StringComparison.Ordinal));
        (code, output, _) = await bench.RunAsync("check");
        Assert.Equal(1, code);
        Assert.Contains("NOT OK secret      hooks.uptime-alert.token: ", output, StringComparison.Ordinal);
        Assert.Equal(0, (await bench.RunAsync("check", "--offline")).Code);
    }

    [Fact]
    public async Task A_warning_passes_unless_the_check_is_strict_and_each_line_says_what_to_do()
    {
        await using var bench = await CliBench.OpenAsync(static lab => lab.Replace("monitor: Gitea", "monitor: Gitae", StringComparison.Ordinal));

        var (code, output, _) = await bench.RunAsync("check", "--junit", "check.xml");

        Assert.Equal(0, code);
        Assert.Contains("WARN   monitor     gitea: Uptime Kuma has no running monitor 'Gitae' -> Did you mean 'Gitea'?", output, StringComparison.Ordinal);
        Assert.EndsWith(" ok, 1 warned, 0 not ok", output, StringComparison.Ordinal);
        var report = XDocument.Load(Path.Combine(bench.Stage.Folder, "check.xml"));
        Assert.Empty(report.Descendants("failure"));
        Assert.Equal("gitea", (string?)Assert.Single(report.Descendants("system-out")).Parent!.Attribute("name"));

        (code, _, _) = await bench.RunAsync("check", "--strict", "--junit", "check.xml");

        Assert.Equal(1, code);
        Assert.Single(XDocument.Load(Path.Combine(bench.Stage.Folder, "check.xml")).Descendants("failure"));
        Assert.Empty(bench.Stage.Homelab.Telegram.Messages);
        Assert.Empty(bench.Stage.Homelab.Changes);
    }

    [Theory]
    [InlineData("audit verify")]
    [InlineData("audit list")]
    [InlineData("approvals list")]
    [InlineData("approvals deny 00")]
    public async Task Where_nothing_was_ever_kept_nothing_is_said_to_be_well(string arguments)
    {
        await using var bench = await CliBench.OpenAsync();
        var (code, output, errors) = await bench.RunAsync(arguments.Split(' '));
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith($"StateNotFound: There is no state file {bench.Stage.StateFile}.", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(bench.Stage.StateFile));
    }

    [Theory]
    [InlineData("serve --lab none.yaml")]
    [InlineData("check --lab none.yaml")]
    [InlineData("audit list --lab none.yaml")]
    public async Task A_lab_file_that_is_named_and_is_not_there_is_told_and_no_other_is_taken(string arguments)
    {
        await using var bench = await CliBench.OpenAsync();
        var (code, output, errors) = await bench.RunAsync(arguments.Split(' '));
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"LabFileNotFound: There is no lab file {Path.Combine(bench.Stage.Folder, "none.yaml")}. ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("servr", "Did you mean one of the following?")]
    [InlineData("serve --prot 1", "Usage:")]
    [InlineData("lab --containers many", "Usage:")]
    [InlineData("lab --hosts -1", "Usage:")]
    [InlineData("lab --hosts 201", "Usage:")]
    [InlineData("approvals approve", "Usage:")]
    [InlineData("audit list --from x", "Usage:")]
    [InlineData("audit", "Usage:")]
    [InlineData("", "Usage:")]
    public async Task What_is_no_command_is_answered_with_the_help(string arguments, string says)
    {
        await using var bench = await CliBench.OpenAsync();
        var (code, output, errors) = await bench.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, code);
        Assert.NotEmpty(errors);
        Assert.Contains(says, output, StringComparison.Ordinal);
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
    }

    private static async Task TamperAsync(CliBench bench)
    {
        Assert.Equal(0, (await bench.RunAsync("audit", "verify")).Code);
        Batteries_V2.Init();
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(bench.Stage.StateFile, out var database));
        using (database) Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(database, "UPDATE audit SET identity = 'nobody' WHERE sequence = 3"));
        var (code, output, _) = await bench.RunAsync("audit", "verify");
        Assert.Equal((1, "BROKEN at line 3: line 3 was changed: its hash does not fit its content"), (code, output));
    }

    private static IEnumerable<string> Cases(XDocument report, string suite) =>
        report.Descendants("testsuite").Single(s => (string?)s.Attribute("name") == suite).Elements("testcase").Select(c => (string)c.Attribute("name")!);

    // "Restart container redis@dev? (0123456789abcdef0123)"
    private static string Id(string text) => text[(text.LastIndexOf('(') + 1)..^1];
}
