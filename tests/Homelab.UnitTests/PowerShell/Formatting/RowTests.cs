using Homelab.PowerShell.Formatting;

namespace Homelab.UnitTests.PowerShell.Formatting;

public sealed class RowTests
{
    private static readonly ContainerDetail s_gitea = new()
    {
        Name = "gitea",
        Host = "dev",
        Id = new string('a', 64),
        Image = "gitea:1",
        State = ContainerState.Running,
        Health = ContainerHealth.Healthy,
        StartedAt = DateTimeOffset.UtcNow.AddDays(-3),
    };

    private static readonly AuditEntry s_entry = new()
    {
        Time = DateTimeOffset.UnixEpoch,
        Kind = AuditKind.Outcome,
        Operation = "docker_stop_container",
        Target = "container:gitea@dev",
        Trigger = "mcp",
        Identity = "claude",
    };

    [Theory]
    [InlineData(ContainerState.Running, ContainerHealth.Healthy, "\e[32mRunning\e[0m")]
    [InlineData(ContainerState.Running, ContainerHealth.None, "\e[32mRunning\e[0m")]
    [InlineData(ContainerState.Running, ContainerHealth.Starting, "\e[33mRunning\e[0m")]
    [InlineData(ContainerState.Running, ContainerHealth.Unhealthy, "\e[31mRunning\e[0m")]
    [InlineData(ContainerState.Exited, ContainerHealth.Healthy, "\e[31mExited\e[0m")]
    public void A_container_that_runs_has_the_colour_of_its_health(ContainerState state, ContainerHealth health, string shown) =>
        Assert.Equal(shown, Row.State(s_gitea with { State = state, Health = health }));

    [Fact]
    public void A_container_is_as_it_is_since_its_start_or_its_end()
    {
        Assert.Equal("3d ago", Row.Since(s_gitea));
        Assert.Equal("never", Row.Since(s_gitea with { State = ContainerState.Created }));
        Assert.Equal("2h ago", Row.Since(s_gitea with { State = ContainerState.Exited, FinishedAt = DateTimeOffset.UtcNow.AddHours(-2) }));
    }

    [Fact]
    public void An_error_of_the_audit_stands_before_its_result()
    {
        Assert.Equal("outcome: stopped", Row.Outcome(s_entry with { Result = "stopped", Decision = "Auto" }));
        Assert.Equal("\e[31mContainerNotFound\e[0m", Row.Outcome(s_entry with { Result = "stopped", Error = "ContainerNotFound" }));
        Assert.Equal("\e[33masked: Ask (policy)\e[0m", Row.Outcome(s_entry with { Kind = AuditKind.Asked, Decision = "Ask (policy)" }));
    }

    [Fact]
    public void An_event_says_how_it_ended()
    {
        var died = new ContainerEvent { Container = "gitea", Host = "dev", Id = "", Action = "die", At = default, UnixNanoseconds = 0, ExitCode = 137 };
        Assert.Equal("\e[31mdie (exit code 137)\e[0m", Row.Happened(died));
        Assert.Equal("\e[33mdie (exit code 0)\e[0m", Row.Happened(died with { ExitCode = 0 }));
        Assert.Equal("kill (signal 9)", Row.Happened(died with { Action = "kill", ExitCode = null, Signal = 9 }).Replace("\e[33m", "", StringComparison.Ordinal).Replace("\e[0m", "", StringComparison.Ordinal));
        Assert.Equal("exec_create:  [2J", Row.Happened(died with { Action = "exec_create: \e[2J", ExitCode = null }));
    }

    [Fact]
    public void A_question_shows_how_many_confirmations_it_has_and_needs()
    {
        var asked = new Approval
        {
            Id = "a1",
            Operation = "docker_stop_container",
            Input = "{}",
            Hash = "",
            Target = "container:gitea@dev",
            Question = "Stop container gitea@dev",
            Reason = "policy",
            RequestedBy = new Caller(Face.Mcp, "claude"),
            RequestedAt = DateTimeOffset.UnixEpoch,
            ExpiresAt = DateTimeOffset.UnixEpoch,
            Needed = 2,
            Confirmations = [new Confirmation("cli:anna", DateTimeOffset.UnixEpoch, TypedTarget: true)],
        };
        Assert.Equal("\e[33mPending 1/2\e[0m", Row.Standing(asked));
        Assert.Equal("\e[31mExpired\e[0m", Row.Standing(asked with { Status = ApprovalStatus.Expired }));
        Assert.Equal("cli:anna (1970-01-01T00:00:00.0000000+00:00, typed the name)", Row.Confirmed(asked));
    }

    [Fact]
    public void A_step_tells_its_error_or_what_it_waits_for_or_what_it_returned()
    {
        var step = new StepRecord { Run = "r", Step = "restart", Status = StepStatus.Succeeded, At = default, Result = "{\"name\":\"gitea\"}" };
        Assert.Equal("{\"name\":\"gitea\"}", Row.Told(step));
        Assert.Equal("waits for approval a1", Row.Told(step with { Status = StepStatus.Waiting, Approval = "a1" }));
        Assert.Equal("\e[31mTimeout\e[0m", Row.Told(step with { Status = StepStatus.Failed, Error = "Timeout" }));
    }
}
