using Homelab.State;

namespace Homelab.UnitTests.State;

public abstract class ApprovalTests(StateBed state) : StoreTests(state)
{
    [Fact]
    public async Task The_same_question_by_the_same_caller_is_asked_once()
    {
        var first = await AddAsync(Make.Approval());

        var second = await AddAsync(Make.Approval(at: Make.Noon.AddMinutes(14)));

        Assert.Equal(first.Id, second.Id);
        Assert.Equal(1, State.Number("SELECT count(*) FROM audit"));
    }

    public static TheoryData<string> Differences => ["hash", "face", "identity", "incident", "run", "expired", "answered"];

    [Theory]
    [MemberData(nameof(Differences))]
    public async Task A_different_question_is_asked_anew(string difference)
    {
        await AddAsync(Make.Approval(status: difference == "answered" ? ApprovalStatus.Approved : ApprovalStatus.Pending));

        var other = difference switch
        {
            "hash" => Make.Approval("other"),
            "face" => Make.Approval(by: Make.Hook with { Face = Face.Schedule }),
            "identity" => Make.Approval(by: Make.Hook with { Identity = "other" }),
            "incident" => Make.Approval(by: Make.Hook with { Incident = null }),
            "run" => Make.Approval(by: Make.Hook with { Run = "other" }),
            "expired" => Make.Approval(at: Make.Noon.AddMinutes(15)),
            _ => Make.Approval(),
        };

        Assert.Equal(other.Id, (await AddAsync(other)).Id);
        Assert.Equal(2, State.Number("SELECT count(*) FROM audit"));
    }

    [Fact]
    public async Task A_caller_without_incident_and_run_is_known_again()
    {
        var first = await AddAsync(Make.Approval(by: new Caller(Face.Mcp, "claude")));

        Assert.Equal(first.Id, (await AddAsync(Make.Approval(by: new Caller(Face.Mcp, "claude")))).Id);
    }

    [Fact]
    public async Task Of_many_equal_questions_at_once_one_is_asked()
    {
        var asked = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => AddAsync(Make.Approval()))));

        Assert.Single(asked.Select(a => a.Id).Distinct());
    }

    [Fact]
    public async Task An_answer_is_kept_and_counts_the_version_up()
    {
        var asked = await AddAsync(Make.Approval());
        var yes = new Confirmation("telegram:1111", Make.Noon.AddMinutes(1), TypedTarget: true);

        var answered = await ReplaceAsync(asked with { Status = ApprovalStatus.Approved, Confirmations = [yes] });
        var found = await Store.FindApprovalAsync(asked.Id, Cancellation);

        Assert.Equal(1, answered.Version);
        Assert.Equal((ApprovalStatus.Approved, 1), (found!.Status, found.Version));
        Assert.Equal([yes], found.Confirmations);
        Assert.Equal(2, State.Number("SELECT count(*) FROM audit"));
    }

    [Fact]
    public async Task Of_two_answers_to_the_same_version_the_second_is_refused()
    {
        var asked = await AddAsync(Make.Approval());
        await ReplaceAsync(asked with { Status = ApprovalStatus.Denied, DeniedBy = "cli:anna" });

        var error = await Assert.ThrowsAsync<HomelabException>(() => ReplaceAsync(asked with { Status = ApprovalStatus.Approved }));

        Assert.Equal((ErrorKind.Conflict, "ApprovalClosed"), (error.Kind, error.Id));
        Assert.Equal("cli:anna", (await Store.FindApprovalAsync(asked.Id, Cancellation))!.DeniedBy);
        Assert.Equal(2, State.Number("SELECT count(*) FROM audit"));
    }

    [Fact]
    public async Task Of_many_answers_at_once_one_counts()
    {
        var asked = await AddAsync(Make.Approval());

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => TryAsync(i))));

        Assert.Single(outcomes, ok => ok);

        async Task<bool> TryAsync(int i)
        {
            try
            {
                await ReplaceAsync(asked with { Status = ApprovalStatus.Denied, DeniedBy = $"cli:{i}" });
                return true;
            }
            catch (HomelabException e) when (e.Id == "ApprovalClosed")
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task An_approval_is_used_by_one_change_alone()
    {
        var approval = await AddAsync(Make.Approval(status: ApprovalStatus.Approved));

        Assert.True((await BeginAsync(Make.Change("vm:1", approval: approval.Id))).Admitted);
        var second = await BeginAsync(Make.Change("vm:2", approval: approval.Id));

        Assert.True(second.ApprovalUnusable);
        Assert.False(second.Admitted);
        var used = await Store.FindApprovalAsync(approval.Id, Cancellation);
        Assert.Equal((ApprovalStatus.Used, 1), (used!.Status, used.Version));
        Assert.Single(await Store.ListOpenAsync(Cancellation));
    }

    [Fact]
    public async Task An_answer_that_comes_after_the_use_is_refused()
    {
        var approval = await AddAsync(Make.Approval(status: ApprovalStatus.Approved));
        await BeginAsync(Make.Change(approval: approval.Id));

        await Assert.ThrowsAsync<HomelabException>(() => ReplaceAsync(approval with { Status = ApprovalStatus.Denied }));
    }

    [Theory]
    [InlineData(ApprovalStatus.Pending)]
    [InlineData(ApprovalStatus.Denied)]
    [InlineData(ApprovalStatus.Expired)]
    [InlineData(ApprovalStatus.Used)]
    public async Task Only_an_approved_approval_can_be_used(ApprovalStatus status)
    {
        var approval = await AddAsync(Make.Approval(status: status));

        Assert.True((await BeginAsync(Make.Change(approval: approval.Id))).ApprovalUnusable);
        Assert.Equal(0, State.Number("SELECT count(*) FROM changes"));
    }

    [Fact]
    public async Task An_approval_cannot_be_used_once_its_time_is_over()
    {
        var approval = await AddAsync(Make.Approval(status: ApprovalStatus.Approved));

        Assert.True((await BeginAsync(Make.Change(at: approval.ExpiresAt, approval: approval.Id))).ApprovalUnusable);
        Assert.True((await BeginAsync(Make.Change(at: approval.ExpiresAt.AddTicks(-1), approval: approval.Id))).Admitted);
    }

    [Fact]
    public async Task An_approval_that_is_not_there_cannot_be_used() =>
        Assert.True((await BeginAsync(Make.Change(approval: "nowhere"))).ApprovalUnusable);

    [Fact]
    public async Task A_change_that_is_turned_away_leaves_its_approval_for_the_next_try()
    {
        var approval = await AddAsync(Make.Approval(status: ApprovalStatus.Approved));

        await Store.BeginAsync(Make.Change(approval: approval.Id), Make.Limits, static _ => [new Finding(Rules.Rate, Requirement.Deny, "no")], Make.Line(), Cancellation);

        Assert.Equal(ApprovalStatus.Approved, (await Store.FindApprovalAsync(approval.Id, Cancellation))!.Status);
    }

    [Fact]
    public async Task Approvals_are_listed_by_state_oldest_first()
    {
        var late = await AddAsync(Make.Approval("a", at: Make.Noon.AddMinutes(1)));
        var early = await AddAsync(Make.Approval("b"));
        await AddAsync(Make.Approval("c", status: ApprovalStatus.Denied));

        Assert.Equal([early.Id, late.Id], (await Store.ListApprovalsAsync(ApprovalStatus.Pending, Cancellation)).Select(a => a.Id));
        Assert.Null(await Store.FindApprovalAsync("nowhere", Cancellation));
    }

    private Task<Approval> AddAsync(Approval approval) => Store.AddApprovalAsync(approval, Make.Line(AuditKind.Asked), Cancellation);

    private Task<Approval> ReplaceAsync(Approval approval) => Store.ReplaceApprovalAsync(approval, Make.Line(AuditKind.Answered), Cancellation);

    private Task<Admission> BeginAsync(ChangeRecord change) => Store.BeginAsync(change, Make.Limits, static _ => [], Make.Line(), Cancellation);
}

public sealed class SqliteApprovalTests() : ApprovalTests(new StateFile());

public sealed class PostgresApprovalTests() : ApprovalTests(new StateServer());
