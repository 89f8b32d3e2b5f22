using System.Globalization;

namespace Homelab.UnitTests.State;

/// <summary>Records as the gate and healing write them.</summary>
internal static class Make
{
    internal const string Gitea = "container:gitea@dev";

    private static int s_count;

    internal static DateTimeOffset Noon { get; } = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    internal static ActionLimits Limits { get; } = new() { Cooldown = TimeSpan.FromMinutes(1), Attempts = 3, Per = TimeSpan.FromHours(1), Rate = 5, RatePer = TimeSpan.FromMinutes(10) };

    internal static Caller Hook { get; } = new(Face.Webhook, "uptime-alert") { Incident = "incident-1", Run = "run-1", Ceiling = Level.Operate, Scope = OperationScope.Of(["docker_*", "heal_run"]) };

    internal static Caller Anna { get; } = new(Face.Interactive, "anna");

    internal static string Id() => Interlocked.Increment(ref s_count).ToString("x8", CultureInfo.InvariantCulture) + Guid.NewGuid().ToString("N");

    internal static ChangeRecord Change(string target = Gitea, DateTimeOffset? at = null, Caller? caller = null, Risk risk = Risk.Disrupt, string? approval = null) => new()
    {
        Id = Id(),
        Key = Id(),
        Operation = "docker_restart_container",
        Input = """{"container":"gitea@dev"}""",
        Target = target,
        Risk = risk,
        Caller = caller ?? Hook,
        Mark = "started 11:00",
        Approval = approval,
        Owner = ProcessOwner.Current,
        StartedAt = at ?? Noon,
    };

    internal static AuditEntry Line(AuditKind kind = AuditKind.Intent, string change = "") => new()
    {
        Time = Noon,
        Kind = kind,
        Operation = "docker_restart_container",
        Target = Gitea,
        Trigger = "webhook",
        Identity = "uptime-alert",
        Decision = "Auto (policy.matrix: runs by itself)",
        Elapsed = TimeSpan.FromMilliseconds(12),
        Change = change,
    };

    internal static Approval Approval(string hash = "hash", Caller? by = null, DateTimeOffset? at = null, ApprovalStatus status = ApprovalStatus.Pending) => new()
    {
        Id = Id(),
        Operation = "docker_stop_container",
        Input = "{}",
        Hash = hash,
        Target = Gitea,
        Question = "Stop container gitea@dev?",
        Reason = "the matrix wants a person",
        RequestedBy = by ?? Hook,
        RequestedAt = at ?? Noon,
        ExpiresAt = (at ?? Noon) + TimeSpan.FromMinutes(15),
        Needed = 1,
        Status = status,
    };

    internal static AlertRecord Alert(string? service = "gitea", string? fingerprint = null, string source = "kuma", string message = "connect ECONNREFUSED") => new()
    {
        Id = Id(),
        Hook = "uptime-alert",
        Alert = new Alert
        {
            Source = source,
            Status = AlertStatus.Down,
            Subject = "Gitea",
            SubjectId = "7",
            Address = "https://gitea.thinmint.dev",
            Message = message,
            At = Noon,
            IsRepeat = true,
            DaysLeft = 3,
            Fingerprint = fingerprint ?? Id(),
        },
        ReceivedAt = Noon,
        Service = service,
    };

    internal static Incident Incident(string service = "gitea", string alert = "alert-1", DateTimeOffset? at = null) => new()
    {
        Id = Id(),
        Service = service,
        Status = IncidentStatus.Waiting,
        Alert = alert,
        Message = "down",
        Caller = Hook,
        OpenedAt = at ?? Noon,
        DueAt = (at ?? Noon) + TimeSpan.FromMinutes(5),
        Summary = "waits",
    };

    internal static RunbookRun Run(Incident incident, DateTimeOffset? at = null) => new()
    {
        Id = Id(),
        Incident = incident.Id,
        Service = incident.Service,
        Runbook = "container-crash-recovery",
        Attempt = 1,
        Caller = incident.Caller,
        Status = RunStatus.Running,
        StartedAt = at ?? Noon,
    };

    internal static StepRecord Step(RunbookRun run, string step, StepStatus status = StepStatus.Succeeded, int item = 0) => new()
    {
        Run = run.Id,
        Step = step,
        Item = item,
        Status = status,
        At = Noon,
    };

    internal static Notice Notice(string id, DateTimeOffset? at = null) => new() { Id = id, Incident = "incident-1", Text = "Gitea is down.", CreatedAt = at ?? Noon };
}
