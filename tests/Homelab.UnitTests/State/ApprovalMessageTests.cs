namespace Homelab.UnitTests.State;

public abstract class ApprovalMessageTests(StateBed state) : StoreTests(state)
{
    private const string Chat = "telegram";

    [Fact]
    public async Task A_question_is_taken_on_until_it_was_put_each_time_with_another_nonce()
    {
        var approval = await AskAsync();
        Assert.Equal("one", (await ClaimAsync(approval, "one"))!.Nonce);
        var message = (await ClaimAsync(approval, "two"))!;
        Assert.Null(await Store.FindMessageAsync(Chat, "one", Cancellation));
        await Store.SaveMessageAsync(message with { Reference = "a/1 a/2", Shown = "Pending/0//" }, Cancellation);
        Assert.Null(await ClaimAsync(approval, "three"));
        var known = (await Store.FindMessageAsync(Chat, "two", Cancellation))!;
        Assert.Equal((approval.Id, "Pending/0//", true, false), (known.Approval, known.Shown, known.Has("a/2"), known.Has("a/3")));
        Assert.Null(await Store.FindMessageAsync("other", "two", Cancellation));
    }

    [Fact]
    public async Task Who_answered_is_kept_whatever_the_message_comes_to_say()
    {
        var approval = await AskAsync();
        var message = (await ClaimAsync(approval, "one"))!;
        await Store.SavePersonAsync(approval.Id, Chat, "telegram:1111", "Anna", Cancellation);
        await Store.SavePersonAsync(approval.Id, Chat, "telegram:2222", "Bert", Cancellation);
        await Store.SavePersonAsync("nowhere", Chat, "telegram:2222", "Bert", Cancellation);
        await Store.SaveMessageAsync(message with { Reference = "a/1" }, Cancellation);
        var known = Assert.Single(await Store.ListOpenMessagesAsync(Chat, Cancellation));
        Assert.Equal(["Anna", "Bert"], known.People.OrderBy(static p => p.Key).Select(static p => p.Value));
        await Store.SaveMessageAsync(known with { IsFinal = true }, Cancellation);
        Assert.Empty(await Store.ListOpenMessagesAsync(Chat, Cancellation));
        Assert.True((await Store.FindMessageAsync(Chat, "one", Cancellation))!.IsFinal);
    }

    [Fact]
    public async Task A_channel_is_of_one_living_process_at_a_time()
    {
        Assert.True(await Store.ClaimChannelAsync(Chat, Cancellation));
        Assert.True(await Store.ClaimChannelAsync(Chat, Cancellation));
        State.Tamper($"UPDATE approval_channels SET owner = '{State.NameLiving()}'");
        Assert.False(await Store.ClaimChannelAsync(Chat, Cancellation));
        State.Tamper($"UPDATE approval_channels SET owner = '{State.Dead}'");
        Assert.True(await Store.ClaimChannelAsync(Chat, Cancellation));
        Assert.True(await Store.ClaimChannelAsync("other", Cancellation));
    }

    [Fact]
    public async Task A_channel_whose_process_was_not_heard_of_for_long_is_taken_even_if_nobody_can_tell_that_it_is_dead()
    {
        Assert.True(await Store.ClaimChannelAsync(Chat, Cancellation));
        State.Tamper($"UPDATE approval_channels SET owner = '{State.NameLiving()}'");
        State.Time.Now += TimeSpan.FromSeconds(119);
        Assert.False(await Store.ClaimChannelAsync(Chat, Cancellation));
        State.Time.Now += TimeSpan.FromSeconds(2);
        Assert.True(await Store.ClaimChannelAsync(Chat, Cancellation));
    }

    [Fact]
    public async Task How_far_answers_were_taken_and_who_listens_are_kept_apart()
    {
        Assert.Null(await Store.FindCursorAsync(Chat, Cancellation));
        Assert.True(await Store.ClaimChannelAsync(Chat, Cancellation));
        Assert.Null(await Store.FindCursorAsync(Chat, Cancellation));
        await Store.SaveCursorAsync(Chat, "1/7", Cancellation);
        await Store.SaveCursorAsync(Chat, "1/8", Cancellation);
        Assert.True(await Store.ClaimChannelAsync(Chat, Cancellation));
        Assert.Equal("1/8", await Store.FindCursorAsync(Chat, Cancellation));
    }

    [Fact]
    public async Task The_change_that_used_an_approval_is_found_by_it()
    {
        var approval = await AskAsync(ApprovalStatus.Approved);
        Assert.Null(await Store.FindChangeOfAsync(approval.Id, Cancellation));
        var change = Make.Change(approval: approval.Id);
        Assert.True((await Store.BeginAsync(change, Make.Limits, static _ => [], Make.Line(), Cancellation)).Admitted);
        Assert.Equal(change.Id, (await Store.FindChangeOfAsync(approval.Id, Cancellation))!.Id);
    }

    [Fact]
    public async Task What_was_asked_about_and_what_made_it_void_are_kept()
    {
        var asked = await Store.AddApprovalAsync(Make.Approval() with { World = "running" }, Make.Line(AuditKind.Asked), Cancellation);
        await Store.ReplaceApprovalAsync(asked with { Status = ApprovalStatus.Void, VoidedBy = "it is gone", ClosedAt = Make.Noon.AddMinutes(1) }, Make.Line(AuditKind.Answered), Cancellation);
        var known = Assert.Single(await Store.ListApprovalsAsync(10, Cancellation));
        Assert.Equal(("running", ApprovalStatus.Void, "it is gone", Make.Noon.AddMinutes(1)), (known.World, known.Status, known.VoidedBy, known.ClosedAt));
    }

    [Fact]
    public async Task A_notice_for_one_channel_is_kept_as_such()
    {
        var notice = Make.Notice("one") with { Channel = Chat };
        await Store.SaveAsync(new HealingChange { Notices = [notice] }, Cancellation);
        Assert.Equal(Chat, Assert.Single(await Store.ListUnsentAsync(Cancellation)).Channel);
        Assert.Equal(notice, await Store.FindNoticeAsync("one", Cancellation));
        Assert.Null(await Store.FindNoticeAsync("two", Cancellation));
    }

    private Task<Approval> AskAsync(ApprovalStatus status = ApprovalStatus.Pending) => Store.AddApprovalAsync(Make.Approval(status: status), Make.Line(AuditKind.Asked), Cancellation);

    private Task<ApprovalMessage?> ClaimAsync(Approval approval, string nonce) => Store.ClaimMessageAsync(approval.Id, Chat, nonce, Cancellation);
}

public sealed class SqliteApprovalMessageTests() : ApprovalMessageTests(new StateFile());

public sealed class PostgresApprovalMessageTests() : ApprovalMessageTests(new StateServer());
