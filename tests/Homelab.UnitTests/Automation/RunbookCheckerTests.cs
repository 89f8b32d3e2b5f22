using System.Text.Json.Nodes;
using Homelab.Automation.Runbooks;
using Homelab.UnitTests.Core;

namespace Homelab.UnitTests.Automation;

public sealed class RunbookCheckerTests
{
    private static readonly OperationCatalog s_catalog = new([new ReadThing(), new AddThing(), new RestartThing(), new StopThing(), new DeleteThing()]);

    private AccessPolicy _access = new();
    private GatePolicy _policy = new();

    [Fact]
    public void A_sound_runbook_has_no_problems() => Assert.Empty(Check(Book(
        Step("look", "sample_read_thing", "{{ service.container }}"),
        Step("act", "sample_restart_thing", "{{ steps.look.name }}") with { When = "steps.look.times > 1 and service.tier == 'critical'", Retry = new StepRetry() })));

    [Theory]
    [InlineData("sample_restrat_thing", "spec.steps[0].do", "is not an operation", "Did you mean 'sample_restart_thing'?")]
    [InlineData("sample_delete_thing", "spec.steps[0].do", "needs level Manage", "Raise the runbook's level")]
    public void An_operation_that_does_not_exist_or_needs_more_is_found(string operation, string path, string reason, string wayOut) =>
        AssertProblem(Book(Step("act", operation, "x") with { Approve = true }), path, reason, wayOut);

    [Theory]
    [InlineData("{{ servise.container }}", "no 'servise'", "Did you mean 'service'?")]
    [InlineData("{{ service.contaner }}", "service has no 'contaner'", "Did you mean 'container'?")]
    [InlineData("{{ steps.later.name }}", "'later' is not an earlier step", "look")]
    [InlineData("{{ item }}", "no 'item'", "service")]
    [InlineData("{{ service.container ", "has no '}}'", "Correct")]
    [InlineData("{{ lower( }}", "column", "Correct")]
    public void A_broken_expression_is_found_with_its_place(string text, string reason, string wayOut) =>
        AssertProblem(Book(Step("look", "sample_read_thing", "x"), Step("act", "sample_restart_thing", text), Step("later", "sample_read_thing", "x")), "spec.steps[1].with.name", reason, wayOut);

    [Fact]
    public void An_input_field_that_does_not_exist_is_found_even_when_its_value_is_an_expression() =>
        AssertProblem(Book(new RunbookStep { Id = "act", Do = "sample_restart_thing", With = new JsonObject { ["name"] = "x", ["nmae"] = "{{ service.name }}" } }), "spec.steps[0].with.nmae", "is not a field", "Did you mean 'name'?");

    [Fact]
    public void A_missing_input_field_is_found() => AssertProblem(Book(new RunbookStep { Id = "act", Do = "sample_restart_thing" }), "spec.steps[0].with.name", "is missing", "Give");

    [Theory]
    [InlineData("0 3 * *", "spec.trigger.schedule.cron", "has 4 fields", "five fields")]
    [InlineData("0 0 31 2 *", "spec.trigger.schedule.cron", "never comes", "five fields")]
    [InlineData("0 3 * * *", "spec.trigger.schedule", "names no service", "service: name")]
    public void A_schedule_that_never_comes_or_lacks_its_service_is_found(string cron, string path, string reason, string wayOut)
    {
        var step = Step("act", "sample_restart_thing", path.EndsWith("cron", StringComparison.Ordinal) ? "x" : "{{ service.container }}");
        AssertProblem(Book(step) with { Trigger = new RunbookTrigger { Schedule = new ScheduleTrigger { Cron = cron } } }, path, reason, wayOut);
    }

    [Fact]
    public void A_level_that_the_clock_does_not_have_is_found()
    {
        _access = new AccessPolicy { Schedule = Level.Monitor };
        AssertProblem(Book(Step("act", "sample_restart_thing", "x")) with { Trigger = new RunbookTrigger { Schedule = new ScheduleTrigger { Every = TimeSpan.FromDays(1) } } }, "spec.level", "the clock may only", "access.schedule");
    }

    [Fact]
    public void Destroying_without_asking_is_found()
    {
        var book = Book(Step("act", "sample_delete_thing", "x")) with { Level = Level.Manage };
        _access = new AccessPolicy { Webhook = Level.Manage };
        AssertProblem(book, "spec.steps[0]", "destroys something", "approve: true");
    }

    [Fact]
    public void What_people_are_told_with_a_question_is_checked_too() =>
        AssertProblem(Book(Step("act", "sample_restart_thing", "x") with { Because = "{{ steps.later.name }} is down" }), "spec.steps[0].because", "later", "");

    [Fact]
    public void Repeating_what_is_not_safe_to_repeat_is_found() => AssertProblem(Book(Step("act", "sample_add_thing", "x") with { Retry = new StepRetry() }), "spec.steps[0].retry", "not safe to repeat", "Remove");

    [Fact]
    public void An_operation_that_policy_denies_is_found()
    {
        _policy = new GatePolicy { Approvals = new Dictionary<string, Requirement> { ["sample_restart_*"] = Requirement.Deny } };
        AssertProblem(Book(Step("act", "sample_restart_thing", "x")), "spec.steps[0].do", "denied by policy", "Allow it");
    }

    [Fact]
    public void A_runbook_above_the_level_of_alerts_is_found()
    {
        _access = new AccessPolicy { Webhook = Level.Monitor };
        AssertProblem(Book(Step("act", "sample_restart_thing", "x")), "spec.level", "alerts may only set off Monitor", "access.webhook");
    }

    [Fact]
    public void The_item_exists_within_forEach_and_the_own_result_within_rollback() => Assert.Empty(Check(Book(
        Step("each", "sample_restart_thing", "{{ item }}") with { ForEach = "service.dependsOn" },
        Step("act", "sample_add_thing", "x") with { Rollback = new StepRollback { Do = "sample_stop_thing", With = new JsonObject { ["name"] = "{{ steps.act.name }}" } } })));

    [Fact]
    public void Verification_that_ends_before_it_begins_is_found() =>
        AssertProblem(Book(Step("act", "sample_restart_thing", "x")) with { Verify = new RunbookVerify { Settle = TimeSpan.FromSeconds(30), Within = TimeSpan.FromSeconds(10) } }, "spec.verify.within", "shorter than settle", "longer");

    [Fact]
    public void All_problems_are_found_at_once() =>
        Assert.True(Check(Book(Step("a", "nothing_at_all", "{{ x }}"), Step("b", "sample_delete_thing", "{{ y }}"))).Count >= 5);

    [Fact]
    public void A_proof_that_changes_something_or_speaks_of_what_is_not_there_is_found()
    {
        var sound = Book(Step("act", "sample_restart_thing", "x"));
        Assert.Empty(Check(sound with { Verify = Asks("sample_read_thing", "result.times > 1 and steps.act.ok") }));
        AssertProblem(sound with { Verify = Asks("sample_stop_thing", "result.ok") }, "spec.verify.ask[0].do", "changes something", "reads");
        AssertProblem(sound with { Verify = Asks("sample_read_thing", "result.times > limit") }, "spec.verify.ask[0].that", "no 'limit'", "result");
        AssertProblem(Book(Step("act", "sample_restart_thing", "{{ result.name }}")), "spec.steps[0].with.name", "no 'result'", "service");
    }

    [Fact]
    public void The_end_of_a_run_may_speak_of_earlier_steps_alone()
    {
        Assert.Empty(Check(Book(Step("look", "sample_read_thing", "x"), Stop("{{ steps.look.name }} is lost"))));
        AssertProblem(Book(Stop("{{ steps.later.name }} is lost"), Step("later", "sample_read_thing", "x")), "spec.steps[0].stop.say", "not an earlier step", "");
    }

    [Fact]
    public void A_step_that_is_taken_only_where_its_operation_is_may_name_one_that_is_not_there()
    {
        Assert.Empty(Check(Book(Step("tell", "sample_tell_thing", "x") with { When = "has('sample_tell_thing') and service.tier == 'critical'" })));
        AssertProblem(Book(Step("tell", "sample_tell_thing", "x") with { When = "has('sample_read_thing')" }), "spec.steps[0].do", "is not an operation", "");
    }

    [Theory]
    [InlineData("a>b", "'b' is not a runbook")]
    [InlineData("a>a", "leads back to where it began: a -> a")]
    [InlineData("a>b,b>c,c>a", "leads back to where it began: a -> b -> c -> a")]
    [InlineData("a>b,b>c,c>d,d>", "makes 4 runbooks follow one another (a -> b -> c -> d)")]
    public void A_handover_that_ends_nowhere_or_never_is_found(string books, string reason)
    {
        var problem = RunbookChecker.CheckHandovers(Chain(books))[0];
        Assert.Equal("spec.otherwise.next", problem.Path);
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Three_runbooks_may_follow_one_another() => Assert.Empty(RunbookChecker.CheckHandovers(Chain("a>b,b>c,c>")));

    private static List<Runbook> Chain(string books) =>
        [.. books.Split(',').Select(b => b.Split('>')).Select(b => Book(Step("act", "sample_read_thing", "x")) with { Name = b[0], Otherwise = new RunbookOtherwise { Next = b[1].Length > 0 ? b[1] : null } })];

    private static RunbookVerify Asks(string operation, string that) => new() { Ask = [new VerifyQuestion { Do = operation, With = new JsonObject { ["name"] = "x" }, That = that }] };

    private static RunbookStep Stop(string say) => new() { Id = "end", Stop = new RunbookStop { Say = say } };

    private void AssertProblem(Runbook book, string path, string reason, string wayOut)
    {
        var problem = Assert.Single(Check(book));
        Assert.Equal(path, problem.Path);
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.Contains(wayOut, problem.WayOut, StringComparison.Ordinal);
    }

    private IReadOnlyList<ConfigurationProblem> Check(Runbook book) => new RunbookChecker(s_catalog, new Decider(_access, _policy, [])).Check(book);

    private static Runbook Book(params RunbookStep[] steps) => new()
    {
        Name = "test",
        Level = Level.Operate,
        Trigger = new RunbookTrigger { Alert = new AlertTrigger() },
        Steps = steps,
    };

    private static RunbookStep Step(string id, string operation, string name) => new() { Id = id, Do = operation, With = new JsonObject { ["name"] = name } };
}
