using System.Diagnostics;
using Homelab.Lab.Docker;
using Homelab.State;
using Homelab.SystemTests.Web;
using Homelab.Tests;

namespace Homelab.SystemTests.PowerShell;

/// <summary>Ctrl+C while a cmdlet waits for an engine: the prompt is back at once, and nothing goes on behind it.</summary>
public sealed class CtrlCTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Restarts = "/containers/*/restart";
    private const string Restart = "Restart-HlContainer gitea@dev -Force";

    // Whatever went on behind it would go on for half a minute at least, the engine's own time limit. How long it really took is told, and is far below a second
    // on a machine that does nothing else.
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(25);

    private LabStage _stage = null!;

    private SimulatedDockerEngine Engine => _stage.Homelab.Engines["dev"];

    /// <summary>The command, which requests hang, at which it waits, and whether nothing at all is answered from then on.</summary>
    public static TheoryData<string, string?, string, bool> Waiting => new()
    {
        { "Watch-HlContainer -Host dev", null, "/events", false },
        { "Get-HlContainerLog gitea@dev -Follow", null, "/containers/*/logs", false },
        { "Get-HlContainer -Host dev", "*", "*", false },
        { Restart, Restarts, Restarts, false },
        // Not even the look whether it happened.
        { Restart, Restarts, Restarts, true },
    };

    public async ValueTask InitializeAsync() => _stage = await LabStage.OpenAsync(TestContext.Current.CancellationToken, LabStage.SecretsAsFiles);

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [MemberData(nameof(Waiting))]
    public async Task A_command_ends_at_once_and_its_process_with_it(string command, string? hangs, string waitsAt, bool thenSilent)
    {
        var waiting = HangAsync(hangs, waitsAt, thenSilent);
        await using var pwsh = PwshProcess.StartCommand(_stage.LabFile, $"{PwshProcess.Import}; try {{ {command} }} finally {{ [Console]::WriteLine('over') }}; 'not reached'");
        await waiting;
        var pressed = await pwsh.InterruptAsync();
        await pwsh.PrintedAsync("over");
        var over = Stopwatch.GetElapsedTime(pressed);
        Assert.NotEqual(0, await pwsh.EndAsync());
        Tell(command, "command over", over, Stopwatch.GetElapsedTime(pressed));
        Assert.DoesNotContain("not reached", pwsh.Lines);
    }

    [Theory]
    [MemberData(nameof(Waiting))]
    public async Task A_session_goes_on_at_once_and_no_request_is_left(string command, string? hangs, string waitsAt, bool thenSilent)
    {
        var waiting = HangAsync(hangs, waitsAt, thenSilent);
        await using var pwsh = PwshProcess.StartSession(_stage.LabFile);
        await pwsh.TypeAsync(PwshProcess.Import);
        await pwsh.TypeAsync(command);
        await pwsh.TypeAsync("'the prompt ' + 'is back'");
        await waiting;
        var pressed = await pwsh.InterruptAsync();
        await pwsh.PrintedAsync("the prompt is back");
        Tell(command, "prompt", Stopwatch.GetElapsedTime(pressed));
        await Eventually.HoldsAsync("no request is left at the engine", () => Task.FromResult(Engine.RequestsUnderWay == 0), TestContext.Current.CancellationToken, s_most);
        Assert.False(pwsh.HasExited);

        // The same session, the same lab: nothing of the call before is in the way.
        Engine.Recover();
        await pwsh.TypeAsync("(Get-HlContainer gitea@dev).Name + ' is seen'");
        await pwsh.PrintedAsync("gitea is seen");
        await pwsh.TypeAsync("exit 7");
        Assert.Equal(7, await pwsh.EndAsync());
    }

    [Fact]
    public async Task A_change_that_was_left_is_looked_at_before_the_prompt_is_back()
    {
        var waiting = HangAsync(Restarts, Restarts);
        await using var pwsh = PwshProcess.StartCommand(_stage.LabFile, $"{PwshProcess.Import}; {Restart}");
        await waiting;
        var asked = Engine.Requests.Count;
        await pwsh.InterruptAsync();
        await pwsh.EndAsync();
        await using var store = await SqliteStore.OpenAsync(_stage.StateFile, TimeProvider.System, TestContext.Current.CancellationToken);
        if ((await store.ListOpenAsync(TestContext.Current.CancellationToken)).Count > 0)
        {
            // On a busy machine half a second is too short for the look: then it stays open, for the next one.
            Assert.Empty(await OutcomesAsync(store));
            return;
        }

        Assert.Contains(Engine.Requests.Skip(asked), static r => r is { Method: "GET" } && Wildcard.Matches("/containers/*/json", r.Path));
        Assert.Equal("failed; a read showed that it did not happen", (await OutcomesAsync(store))[^1].Result);
    }

    [Fact]
    public async Task A_change_that_could_not_be_looked_at_stays_open_until_the_next_cmdlet_settles_it()
    {
        var waiting = HangAsync(Restarts, Restarts, thenSilent: true);
        await using (var pwsh = PwshProcess.StartCommand(_stage.LabFile, $"{PwshProcess.Import}; {Restart}"))
        {
            await waiting;
            await pwsh.InterruptAsync();
            await pwsh.EndAsync();
        }

        await using var store = await SqliteStore.OpenAsync(_stage.StateFile, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(ChangeStatus.Open, Assert.Single(await store.ListOpenAsync(TestContext.Current.CancellationToken)).Status);

        Engine.Recover();
        Assert.Equal(["Running"], await PwshProcess.RunAsync(_stage.LabFile, $"{PwshProcess.Import}; ({Restart} -PassThru).State"));
        Assert.Empty(await store.ListOpenAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["a read showed that it did not happen", "succeeded"], (await OutcomesAsync(store)).Select(e => e.Result));
        Assert.Equal(2, Engine.Changes.Count);
    }

    // To be called before the cmdlet runs; ends when it waits.
    private async Task HangAsync(string? hangs, string waitsAt, bool thenSilent = false)
    {
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Engine.RequestReceived += (_, received) =>
        {
            if (!Wildcard.Matches(waitsAt, received.Request.Path)) return;
            if (thenSilent && !waits.Task.IsCompleted) Hang("*");
            waits.TrySetResult();
        };
        if (hangs is not null) Hang(hangs);
        await waits.Task.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
    }

    private void Hang(string path) => Engine.Fail(new EngineFault { Kind = EngineFaultKind.Hang, Path = path, Times = int.MaxValue });

    private static async Task<List<AuditEntry>> OutcomesAsync(SqliteStore store) =>
        await store.ReadAuditAsync(1, TestContext.Current.CancellationToken).Where(e => e.Kind is AuditKind.Outcome or AuditKind.Settled).ToListAsync(TestContext.Current.CancellationToken);

    private void Tell(string command, string what, params TimeSpan[] took)
    {
        output.WriteLine($"{command}: {what} after {string.Join(", process over after ", took.Select(t => $"{t.TotalMilliseconds:F0} ms"))}");
        Assert.All(took, t => Assert.True(t < s_most, $"It took {t}."));
    }
}
