using Homelab.Automation.Healing;

namespace Homelab.UnitTests.Automation;

public sealed class BreakerTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly BreakerPolicy s_policy = new() { Failures = 3, Within = TimeSpan.FromHours(6), Open = TimeSpan.FromHours(2) };

    [Fact]
    public void Nothing_was_tried_and_nothing_is_held_back() => Assert.Null(Ask());

    [Fact]
    public void One_failure_too_few_is_not_enough() => Assert.Null(Ask(Failed(10), Failed(20)));

    [Fact]
    public void Enough_failures_open_it_from_the_last_one_on() => Assert.Equal(s_now.AddMinutes(110), Ask(Failed(10), Failed(20), Failed(30)));

    [Fact]
    public void The_order_in_which_runs_are_listed_says_nothing() => Assert.Equal(s_now.AddMinutes(110), Ask(Failed(30), Failed(10), Failed(20)));

    [Fact]
    public void A_run_that_helped_ends_the_count() => Assert.Null(Ask(Failed(10), Failed(20), Run(25, RunStatus.Recovered), Failed(30), Failed(40)));

    [Fact]
    public void Failures_of_long_ago_do_not_count() => Assert.Null(Ask(Failed(10), Failed(20), Failed(361)));

    [Fact]
    public void When_its_time_is_over_one_run_may_show_whether_it_helps_again() => Assert.Null(Ask(Failed(120), Failed(130), Failed(140)));

    [Fact]
    public void That_run_failing_begins_the_time_anew() => Assert.Equal(s_now.AddMinutes(119), Ask(Failed(1), Failed(120), Failed(130), Failed(140)));

    [Fact]
    public void A_persons_no_is_no_failure() => Assert.Null(Ask(Failed(10), Run(15, RunStatus.Declined), Failed(20)));

    [Fact]
    public void What_a_person_asked_for_does_not_count() =>
        Assert.Null(Ask(Failed(10), Failed(20), Failed(30) with { Caller = new Caller(Face.Interactive, "anna") }));

    [Fact]
    public void What_belongs_to_no_incident_does_not_count() => Assert.Null(Ask(Failed(10), Failed(20), Failed(30) with { Incident = null }));

    [Fact]
    public void A_run_that_has_not_ended_says_nothing_yet() => Assert.Null(Ask(Failed(10), Failed(20), Failed(30) with { EndedAt = null }));

    private static DateTimeOffset? Ask(params RunbookRun[] runs) => Breaker.OpenUntil(runs, s_policy, s_now);

    private static RunbookRun Failed(int minutesAgo) => Run(minutesAgo, RunStatus.Failed);

    private static RunbookRun Run(int minutesAgo, RunStatus status) => new()
    {
        Id = $"r{minutesAgo}",
        Incident = "i",
        Service = "gitea",
        Runbook = "x",
        Attempt = 1,
        Caller = new Caller(Face.Webhook, "hook"),
        Status = status,
        StartedAt = s_now.AddMinutes(-minutesAgo - 1),
        EndedAt = s_now.AddMinutes(-minutesAgo),
    };
}
