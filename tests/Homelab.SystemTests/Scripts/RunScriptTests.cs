using System.Diagnostics;
using System.Globalization;
using Homelab.Providers.Scripts;
using Homelab.Tests;

namespace Homelab.SystemTests.Scripts;

/// <summary>Scripts in a real pwsh.</summary>
public sealed class RunScriptTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_script_runs_with_its_arguments_and_tells_both_outputs_apart()
    {
        await using var bench = new ScriptBench(ScriptBench.All);
        bench.Write("heal/prune.ps1", "param([int]$Days, [string]$Name) \"$Name $($Days + 1)\"; [Console]::Error.WriteLine('careful')");

        var result = await bench.RunAsync(new RunScript.Input { Script = "heal/prune.ps1", Argument = ["-Days", "7", "-Name", "a b;$HOME"] });

        Assert.Equal((0, "a b;$HOME 8", "careful", false), (result.ExitCode, result.Output.Trim(), result.Error.Trim(), result.Truncated));
    }

    [Theory]
    [InlineData("exit 3", "exit code 3")]
    [InlineData("throw 'no disk'", "exit code 1: Exception: ")]
    public async Task A_script_that_ends_badly_is_a_failure_unless_that_is_allowed(string text, string told)
    {
        await using var bench = new ScriptBench(ScriptBench.All);
        bench.Write("bad.ps1", text);

        var e = await bench.FailAsync(new RunScript.Input { Script = "bad.ps1" });

        Assert.Equal((ErrorKind.Failed, "ScriptFailed"), (e.Kind, e.Id));
        Assert.Contains(told, e.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, (await bench.RunAsync(new RunScript.Input { Script = "bad.ps1", AllowFailure = true })).ExitCode);
    }

    [Fact]
    public async Task A_script_that_no_rule_names_is_denied_with_the_line_to_add()
    {
        await using var bench = new ScriptBench();
        bench.Write("report.ps1", $"Set-Content '{bench.In("ran")}' yes");

        var e = await bench.FailAsync(new RunScript.Input { Script = "report.ps1" });

        Assert.Equal("CommandNotAllowed", e.Id);
        Assert.Contains("""{ run: ["pwsh", "report.ps1"], on: ["script:report.ps1"] }""", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(bench.In("ran")));
    }

    [Fact]
    public async Task An_approval_is_for_the_script_as_it_was_when_it_was_asked_for()
    {
        await using var bench = new ScriptBench(ScriptBench.All with { Verdict = CommandVerdict.Approve });
        bench.Write("report.ps1", "'good'");
        var clock = new Caller(Face.Schedule, "nightly");
        var asked = Assert.IsType<GateOutcome.Waiting>(await bench.InvokeAsync(new RunScript.Input { Script = "report.ps1" }, clock)).Approval;

        bench.Write("report.ps1", "'changed since'");
        var e = await Assert.ThrowsAnyAsync<HomelabException>(() => bench.InvokeAsync(new RunScript.Input { Script = "report.ps1" }, clock, asked.Id));

        Assert.Equal("ApprovalMismatch", e.Id);
    }

    [Fact]
    public async Task A_script_with_another_content_than_the_wanted_one_does_not_run()
    {
        await using var bench = new ScriptBench(ScriptBench.All);
        bench.Write("report.ps1", $"Set-Content '{bench.In("ran")}' yes");

        var e = await bench.FailAsync(new RunScript.Input { Script = "report.ps1", Sha256 = new string('0', 64) });

        Assert.Equal((ErrorKind.Conflict, "ScriptChanged"), (e.Kind, e.Id));
        Assert.False(File.Exists(bench.In("ran")));
    }

    [Fact]
    public async Task A_script_that_outlasts_its_time_is_ended_with_all_that_it_began()
    {
        var time = new ManualTime();
        await using var bench = new ScriptBench(time, ScriptBench.All with { Limits = new CommandLimits { Time = TimeSpan.FromSeconds(5) } });
        bench.Write("slow.ps1", ChildOf(bench));
        var running = bench.FailAsync(new RunScript.Input { Script = "slow.ps1", Timeout = TimeSpan.FromHours(1) });
        await Eventually.HoldsAsync("the script has begun a child", () => Task.FromResult(File.Exists(bench.In("pid"))), Cancel);

        time.Advance(TimeSpan.FromSeconds(5));
        var e = await running;

        Assert.Equal(("OutcomeUnknown", "ScriptTimeout"), (e.Id, Assert.IsType<HomelabException>(e.InnerException).Id));
        Assert.Contains("was ended after 5s", e.Message, StringComparison.Ordinal);
        await GoneAsync(bench);
    }

    [Fact]
    public async Task Whoever_leaves_ends_the_script_with_all_that_it_began()
    {
        await using var bench = new ScriptBench(ScriptBench.All);
        bench.Write("slow.ps1", ChildOf(bench));
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = bench.InvokeAsync(new RunScript.Input { Script = "slow.ps1" }, cancellationToken: leaving.Token);
        await Eventually.HoldsAsync("the script has begun a child", () => Task.FromResult(File.Exists(bench.In("pid"))), Cancel);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => running);
        await GoneAsync(bench);
    }

    [Fact]
    public async Task Output_is_kept_up_to_the_smaller_limit_and_the_script_ends_all_the_same()
    {
        await using var bench = new ScriptBench(ScriptBench.All with { Limits = new CommandLimits { Output = 1_000 } });
        bench.Write("loud.ps1", $"[Console]::Out.Write('ä' * 500000); Set-Content '{bench.In("ended")}' yes");

        var result = await bench.RunAsync(new RunScript.Input { Script = "loud.ps1", MaxOutput = 1_001 });

        Assert.Equal((new string('ä', 500), true), (result.Output, result.Truncated));
        Assert.True(File.Exists(bench.In("ended")));
    }

    [Fact]
    public async Task A_script_has_no_input_no_profile_and_none_of_our_secrets()
    {
        Environment.SetEnvironmentVariable("HL_TEST_SECRET", "swordfish");
        await using var bench = new ScriptBench(ScriptBench.All);
        bench.Write("look.ps1", "\"[$env:HL_TEST_SECRET] [$([Console]::In.ReadToEnd())] [$(Split-Path -Leaf (Get-Location))]\"");

        Assert.Equal("[] [] [scripts]", (await bench.RunAsync(new RunScript.Input { Script = "look.ps1" })).Output.Trim());
    }

    [Fact]
    public async Task What_a_script_leaves_behind_does_not_keep_it_from_ending()
    {
        await using var bench = new ScriptBench(ScriptBench.All);
        bench.Write("leave.ps1", "$child = [Diagnostics.Process]::Start('sleep', '600'); \"left $($child.Id)\"");

        var result = await bench.RunAsync(new RunScript.Input { Script = "leave.ps1" });

        Assert.StartsWith("left ", result.Output, StringComparison.Ordinal);
        Assert.InRange(result.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Process.GetProcessById(int.Parse(result.Output["left ".Length..], CultureInfo.InvariantCulture)).Kill();
    }

    // Begins a child, says whose id it has, and goes on for longer than any test.
    private static string ChildOf(ScriptBench bench) =>
        $"$child = Start-Process sleep 3000 -PassThru; Set-Content '{bench.In("pid.new")}' $child.Id; Move-Item '{bench.In("pid.new")}' '{bench.In("pid")}'; Start-Sleep 3000";

    private static async Task GoneAsync(ScriptBench bench)
    {
        var pid = int.Parse(await File.ReadAllTextAsync(bench.In("pid"), Cancel), CultureInfo.InvariantCulture);
        await Eventually.HoldsAsync("what the script began has ended", () => Task.FromResult(!Runs(pid)), Cancel);
    }

    private static bool Runs(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
