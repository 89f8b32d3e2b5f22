namespace Homelab.UnitTests.Core;

public sealed class ApprovalTests
{
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_that_needs_a_person_asks_and_does_nothing()
    {
        await using var bench = await GateBench.OpenAsync();
        var approval = await AskAsync(bench);
        Assert.Equal(("sample_stop_thing", "thing:web", 1, ApprovalStatus.Pending), (approval.Operation, approval.Target, approval.Needed, approval.Status));
        Assert.Equal(0, bench.Stop.Runs);
        Assert.Equal(AuditKind.Asked, Assert.Single(await bench.AuditAsync()).Kind);
    }

    [Fact]
    public async Task The_same_question_is_asked_once()
    {
        await using var bench = await GateBench.OpenAsync();
        Assert.Equal((await AskAsync(bench)).Id, (await AskAsync(bench)).Id);
        Assert.NotEqual((await AskAsync(bench)).Id, (await AskAsync(bench, "other")).Id);
        Assert.Equal(2, (await bench.Approvals.ListPendingAsync(s_token)).Count);
    }

    [Fact]
    public async Task An_approved_change_runs_once_and_the_approval_is_used_up()
    {
        await using var bench = await GateBench.OpenAsync();
        var approval = await AskAsync(bench);
        Assert.Equal(ApprovalStatus.Approved, (await bench.Approvals.ApproveAsync(approval.Id, "cli:anna", null, s_token)).Status);
        Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync("sample_stop_thing", approval: approval.Id));
        Assert.Equal("ApprovalUnusable", (await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_stop_thing", approval: approval.Id))).Id);
        Assert.Equal(1, bench.Stop.Runs);
    }

    [Fact]
    public async Task An_approval_used_many_times_at_once_is_used_once()
    {
        await using var bench = await GateBench.OpenAsync();
        var approval = await AskAsync(bench);
        await bench.Approvals.ApproveAsync(approval.Id, "cli:anna", null, s_token);
        var tries = Enumerable.Range(0, 20).Select(async _ =>
        {
            try
            {
                return await bench.InvokeAsync("sample_stop_thing", approval: approval.Id);
            }
            catch (HomelabException)
            {
                return null;
            }
        });
        Assert.Single(await Task.WhenAll(tries), outcome => outcome is GateOutcome.Done);
        Assert.Equal(1, bench.Stop.Runs);
    }

    [Fact]
    public async Task An_approval_is_good_for_exactly_the_input_it_was_given_for()
    {
        await using var bench = await GateBench.OpenAsync();
        var approval = await AskAsync(bench);
        await bench.Approvals.ApproveAsync(approval.Id, "cli:anna", null, s_token);
        Assert.Equal("ApprovalMismatch", (await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_stop_thing", "other", approval: approval.Id))).Id);
        Assert.Equal("ApprovalMismatch", (await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_delete_thing", approval: approval.Id))).Id);
        Assert.Equal((0, 0), (bench.Stop.Runs, bench.Delete.Runs));
    }

    [Fact]
    public async Task No_answer_in_time_means_no()
    {
        await using var bench = await GateBench.OpenAsync();
        var approval = await AskAsync(bench);
        bench.Time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal("ApprovalClosed", (await Assert.ThrowsAsync<HomelabException>(() => bench.Approvals.ApproveAsync(approval.Id, "cli:anna", null, s_token))).Id);
        Assert.Equal(ApprovalStatus.Expired, (await bench.Approvals.GetAsync(approval.Id, s_token)).Status);
        Assert.Empty(await bench.Approvals.ListPendingAsync(s_token));
    }

    [Fact]
    public async Task A_yes_that_is_not_used_in_time_expires_too()
    {
        await using var bench = await GateBench.OpenAsync();
        var approval = await AskAsync(bench);
        await bench.Approvals.ApproveAsync(approval.Id, "cli:anna", null, s_token);
        bench.Time.Advance(TimeSpan.FromMinutes(15));
        await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_stop_thing", approval: approval.Id));
        Assert.Equal(0, bench.Stop.Runs);
    }

    [Fact]
    public async Task A_no_is_final()
    {
        await using var bench = await GateBench.OpenAsync();
        var approval = await AskAsync(bench);
        await bench.Approvals.DenyAsync(approval.Id, "cli:anna", s_token);
        await Assert.ThrowsAsync<HomelabException>(() => bench.Approvals.ApproveAsync(approval.Id, "cli:bert", null, s_token));
        await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_stop_thing", approval: approval.Id));
        Assert.Equal(0, bench.Stop.Runs);
    }

    [Fact]
    public async Task What_destroys_needs_two_confirmations_and_the_second_must_be_a_different_one()
    {
        await using var bench = await GateBench.OpenAsync();
        var approval = await AskAsync(bench, operation: "sample_delete_thing");
        Assert.Equal(2, approval.Needed);
        Assert.Equal(ApprovalStatus.Pending, (await bench.Approvals.ApproveAsync(approval.Id, "cli:anna", null, s_token)).Status);
        Assert.Equal("ConfirmationNotDifferent", (await Assert.ThrowsAsync<HomelabException>(() => bench.Approvals.ApproveAsync(approval.Id, "cli:anna", null, s_token))).Id);
        Assert.Equal("TargetMistyped", (await Assert.ThrowsAsync<HomelabException>(() => bench.Approvals.ApproveAsync(approval.Id, "cli:anna", "wbe", s_token))).Id);
        await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_delete_thing", approval: "none"));
        Assert.IsType<GateOutcome.Waiting>(await bench.InvokeAsync("sample_delete_thing", approval: approval.Id));
        Assert.Equal(ApprovalStatus.Approved, (await bench.Approvals.ApproveAsync(approval.Id, "cli:anna", "web", s_token)).Status);
        Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync("sample_delete_thing", approval: approval.Id));
    }

    [Fact]
    public async Task Another_persons_yes_is_a_different_confirmation()
    {
        await using var bench = await GateBench.OpenAsync();
        var approval = await AskAsync(bench, operation: "sample_delete_thing");
        await bench.Approvals.ApproveAsync(approval.Id, "cli:anna", null, s_token);
        Assert.Equal(ApprovalStatus.Approved, (await bench.Approvals.ApproveAsync(approval.Id, "telegram:1", null, s_token)).Status);
    }

    [Fact]
    public async Task Where_two_people_are_demanded_one_person_cannot_be_both()
    {
        await using var bench = await GateBench.OpenAsync(new GatePolicy { Approval = new ApprovalPolicy { TwoPeople = true } });
        var approval = await AskAsync(bench, operation: "sample_delete_thing");
        await bench.Approvals.ApproveAsync(approval.Id, "cli:anna", null, s_token);
        await Assert.ThrowsAsync<HomelabException>(() => bench.Approvals.ApproveAsync(approval.Id, "cli:anna", "web", s_token));
        Assert.Equal(ApprovalStatus.Approved, (await bench.Approvals.ApproveAsync(approval.Id, "cli:bert", null, s_token)).Status);
    }

    [Fact]
    public async Task Who_is_not_on_the_list_and_who_asked_cannot_answer()
    {
        await using var bench = await GateBench.OpenAsync(new GatePolicy { Approval = new ApprovalPolicy { Approvers = ["cli:anna", "*:claude"] } });
        var approval = await AskAsync(bench, caller: new Caller(Face.Mcp, "claude"));
        Assert.Equal("ApproverNotAllowed", (await Assert.ThrowsAsync<HomelabException>(() => bench.Approvals.ApproveAsync(approval.Id, "cli:bert", null, s_token))).Id);
        Assert.Equal("ApproverNotAllowed", (await Assert.ThrowsAsync<HomelabException>(() => bench.Approvals.ApproveAsync(approval.Id, "mcp:claude", null, s_token))).Id);
        Assert.Equal("ApproverNotAllowed", (await Assert.ThrowsAsync<HomelabException>(() => bench.Approvals.ApproveAsync(approval.Id, "cli:claude", null, s_token))).Id);
        Assert.Equal(ApprovalStatus.Approved, (await bench.Approvals.ApproveAsync(approval.Id, "cli:anna", null, s_token)).Status);
    }

    [Fact]
    public async Task At_a_prompt_a_protected_target_needs_two_answers_and_one_no_is_enough()
    {
        await using var bench = await GateBench.OpenAsync(new GatePolicy { Protected = ["web"] });
        var anna = new Caller(Face.Interactive, "anna");
        Assert.IsType<GateOutcome.Declined>(await bench.InvokeAsync("sample_restart_thing", caller: anna, confirmation: new Answers(true, false)));
        Assert.IsType<GateOutcome.Declined>(await bench.InvokeAsync("sample_restart_thing", caller: anna));
        Assert.Equal(0, bench.Restart.Runs);
        Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync("sample_restart_thing", caller: anna, confirmation: new Answers(true, true)));
    }

    private static async Task<Approval> AskAsync(GateBench bench, string name = "web", string operation = "sample_stop_thing", Caller? caller = null) =>
        Assert.IsType<GateOutcome.Waiting>(await bench.InvokeAsync(operation, name, caller)).Approval;

    private sealed class Answers(params bool[] answers) : IConfirmation
    {
        public ValueTask<bool> ConfirmAsync(Intent intent, Decision decision, int number, CancellationToken cancellationToken) => ValueTask.FromResult(answers[number - 1]);
    }
}
