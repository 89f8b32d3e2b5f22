namespace Homelab.UnitTests.Core;

/// <summary>An approval holds for the world that people were asked about, and for no other.</summary>
public sealed class ApprovalWorldTests
{
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_the_target_has_become_another_the_yes_is_void_and_nothing_is_done()
    {
        await using var bench = await GateBench.OpenAsync();
        bench.Stop.World = "running";
        var approval = await AskAsync(bench);
        await bench.Approvals.ApproveAsync(approval.Id, "cli:anna", null, s_token);
        bench.Stop.World = "stopped";

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_stop_thing", approval: approval.Id));
        Assert.Equal((ErrorKind.Conflict, "ApprovalVoid", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("when it was asked for it was: running; now it is: stopped", e.Message, StringComparison.Ordinal);
        Assert.Contains("ask again", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, bench.Stop.Runs);
        var voided = await bench.Approvals.GetAsync(approval.Id, s_token);
        Assert.Equal((ApprovalStatus.Void, bench.Time.GetUtcNow()), (voided.Status, voided.ClosedAt));
        Assert.Contains(await bench.AuditAsync(), l => l.Kind == AuditKind.Answered && l.Result.StartsWith("void: ", StringComparison.Ordinal));

        // It stays void, even if the world turns back.
        bench.Stop.World = "running";
        Assert.Equal("ApprovalVoid", (await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_stop_thing", approval: approval.Id))).Id);
        Assert.Equal("ApprovalClosed", (await Assert.ThrowsAsync<HomelabException>(() => bench.Approvals.ApproveAsync(approval.Id, "cli:bert", null, s_token))).Id);
    }

    [Fact]
    public async Task A_target_that_is_gone_makes_the_yes_void()
    {
        await using var bench = await GateBench.OpenAsync();
        var approval = await AskAsync(bench);
        await bench.Approvals.ApproveAsync(approval.Id, "cli:anna", null, s_token);
        bench.Stop.Gone = true;
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_stop_thing", approval: approval.Id));
        Assert.Equal("ApprovalVoid", e.Id);
        Assert.Contains("thing:web is not there any more", e.Message, StringComparison.Ordinal);
        Assert.Equal(ApprovalStatus.Void, (await bench.Approvals.GetAsync(approval.Id, s_token)).Status);
    }

    [Fact]
    public async Task Nobody_but_who_asked_can_make_an_approval_void_by_naming_it()
    {
        await using var bench = await GateBench.OpenAsync();
        var approval = await AskAsync(bench);
        bench.Stop.Gone = true;
        var other = new Caller(Face.Mcp, "claude");
        Assert.Equal("ThingNotFound", (await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_stop_thing", caller: other, approval: approval.Id))).Id);
        bench.Delete.Gone = true;
        Assert.Equal("ThingNotFound", (await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_delete_thing", approval: approval.Id))).Id);
        Assert.Equal(ApprovalStatus.Pending, (await bench.Approvals.GetAsync(approval.Id, s_token)).Status);
    }

    [Fact]
    public async Task A_question_that_still_waits_is_void_too_when_its_target_has_become_another()
    {
        await using var bench = await GateBench.OpenAsync();
        bench.Stop.World = "running";
        var approval = await AskAsync(bench);
        bench.Stop.World = "paused";
        Assert.Equal("ApprovalVoid", (await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_stop_thing", approval: approval.Id))).Id);
    }

    [Fact]
    public async Task Asked_anew_about_another_world_it_is_a_new_question_and_the_old_one_is_void()
    {
        await using var bench = await GateBench.OpenAsync();
        bench.Stop.World = "running";
        var first = await AskAsync(bench);
        bench.Stop.World = "paused";
        var second = await AskAsync(bench);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal("paused", second.World);
        Assert.Equal(ApprovalStatus.Void, (await bench.Approvals.GetAsync(first.Id, s_token)).Status);
        Assert.Equal(second.Id, Assert.Single(await bench.Approvals.ListPendingAsync(s_token)).Id);
    }

    [Fact]
    public async Task The_wish_that_used_an_approval_meets_its_own_end_whatever_the_world_is_now()
    {
        await using var bench = await GateBench.OpenAsync();
        bench.Stop.World = "running";
        var approval = await AskAsync(bench);
        await bench.Approvals.ApproveAsync(approval.Id, "cli:anna", null, s_token);
        Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync("sample_stop_thing", key: "wish", approval: approval.Id));
        bench.Stop.World = "stopped";
        Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync("sample_stop_thing", key: "wish", approval: approval.Id));
        Assert.Equal(1, bench.Stop.Runs);
        Assert.Equal(ApprovalStatus.Used, (await bench.Approvals.GetAsync(approval.Id, s_token)).Status);
    }

    [Fact]
    public async Task An_answer_that_is_not_taken_is_written_down_with_who_gave_it()
    {
        await using var bench = await GateBench.OpenAsync();
        var approval = await AskAsync(bench);
        await Assert.ThrowsAsync<HomelabException>(() => bench.Approvals.ApproveAsync(approval.Id, "telegram:666", null, s_token));
        var line = Assert.Single(await bench.AuditAsync(), static l => l.Kind == AuditKind.Denied);
        Assert.Equal(("telegram", "telegram:666", approval.Id), (line.Trigger, line.Identity, line.Approval));
        Assert.Contains("not on the list of approvers", line.Result, StringComparison.Ordinal);
    }

    private static async Task<Approval> AskAsync(GateBench bench) => Assert.IsType<GateOutcome.Waiting>(await bench.InvokeAsync("sample_stop_thing")).Approval;
}
