using System.Text.Json.Nodes;

namespace Homelab.UnitTests.Automation;

/// <summary>What tests of requests share: a lab, its runbooks, and people.</summary>
internal static class RequestCase
{
    internal static Caller Anna { get; } = new(Face.Interactive, "anna");

    internal static Caller Clock { get; } = new(Face.Schedule, "nightly");

    internal static LabDefinition Home { get; } = new()
    {
        Services = new Dictionary<string, ServiceDefinition>
        {
            ["gitea"] = new() { Container = new ContainerRef("gitea@dev"), Tier = ServiceTier.Standard, Monitor = "Gitea", Hint = "Check the database." },
            ["dns"] = new() { Container = new ContainerRef("adguard@dev"), Tier = ServiceTier.Critical, Check = new CheckDefinition() },
            ["wiki"] = new() { Container = new ContainerRef("wiki@dev"), Tier = ServiceTier.Critical, DependsOn = ["dns"], Check = new CheckDefinition() },
            ["site"] = new() { Tier = ServiceTier.Critical, Check = new CheckDefinition() },
        },
        Policy = new GatePolicy { Approval = new ApprovalPolicy { Approvers = ["cli:*"], Expiry = TimeSpan.FromMinutes(15) }, Limits = new ActionLimits { Cooldown = TimeSpan.Zero, Attempts = 1000, Rate = 1000 } },
    };

    internal static Runbook Crash { get; } = new()
    {
        Name = "crash",
        Level = Level.Operate,
        Trigger = new RunbookTrigger { Alert = new AlertTrigger { Service = new ServiceFilter { HasContainer = true } } },
        Throttle = new RunbookThrottle { Cooldown = TimeSpan.Zero, Attempts = 2 },
        Steps = [Step("restart", "docker_restart_container")],
        Verify = new RunbookVerify { Settle = TimeSpan.FromMilliseconds(10), Within = TimeSpan.FromMilliseconds(60), Every = TimeSpan.FromMilliseconds(20) },
    };

    /// <summary>A runbook for no service.</summary>
    internal static Runbook Nightly(params RunbookStep[] steps) => new()
    {
        Name = "nightly",
        Level = Level.Operate,
        Throttle = new RunbookThrottle { Cooldown = TimeSpan.Zero, Attempts = 1000, Per = TimeSpan.FromSeconds(1) },
        Steps = steps,
    };

    internal static RunbookStep Step(string id, string operation, string container = "{{ service.container }}") => new() { Id = id, Do = operation, With = new JsonObject { ["container"] = container } };

    /// <summary>A person who answers every question alike, after doing something.</summary>
    internal sealed class Person(bool answer, Action? first = null) : IConfirmation
    {
        private readonly List<string> _asked = [];

        public IReadOnlyList<string> Asked => _asked;

        public ValueTask<bool> ConfirmAsync(Intent intent, Decision decision, int number, CancellationToken cancellationToken)
        {
            _asked.Add(intent.ToString());
            first?.Invoke();
            return ValueTask.FromResult(answer);
        }
    }
}
