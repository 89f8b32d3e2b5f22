using System.Globalization;

namespace Homelab.PowerShell.Formatting;

/// <summary>Columns of the views that are made of more than one property of their record.</summary>
public static partial class Row
{
    /// <summary>Where something is: <c>gitea@dev</c>.</summary>
    public static string Place(string name, string host) => Cell.Text($"{name}@{host}");

    /// <summary>A container's host, and the way by which it told of it where that was not the API.</summary>
    public static string Host(Container container)
    {
        ArgumentNullException.ThrowIfNull(container);
        return Way(Cell.Text(container.Host), container.Via);
    }

    /// <summary>Where a line was written, and the way by which it came where that was not the API.</summary>
    public static string Place(ContainerLogLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return Way(Place(line.Container, line.Host), line.Via);
    }

    /// <summary>What a container does, in the colour of its health where it runs.</summary>
    public static string State(Container container)
    {
        ArgumentNullException.ThrowIfNull(container);
        var text = container.State.ToString();
        return container is { State: ContainerState.Running, Health: not ContainerHealth.None } ? Tint.Of(container.Health, text) : Tint.Of(container.State, text);
    }

    /// <summary>What a guest does, and the lock that keeps it from being changed.</summary>
    public static string State(Vm vm)
    {
        ArgumentNullException.ThrowIfNull(vm);
        if (vm.Template) return Tint.Quiet("Template");
        return vm.Lock is { } held ? Tint.Warn(Cell.Text($"{vm.State} ({held})")) : Tint.Of(vm.State, vm.State.ToString());
    }

    /// <summary>How much of its processors a guest uses; empty where it does not run.</summary>
    public static string Processor(Vm vm)
    {
        ArgumentNullException.ThrowIfNull(vm);
        return vm.State is VmState.Running ? string.Create(CultureInfo.InvariantCulture, $"{Cell.Share(vm.Cpu)} of {vm.MaxCpu:0.##}") : "";
    }

    /// <summary>How much of its memory a guest uses; only what it may use where it does not run.</summary>
    public static string Memory(Vm vm)
    {
        ArgumentNullException.ThrowIfNull(vm);
        return vm.State is VmState.Running ? $"{Cell.Size(vm.Memory)} of {Cell.Size(vm.MaxMemory)}" : Tint.Quiet(Cell.Size(vm.MaxMemory));
    }

    /// <summary>A snapshot under the one that it was made after; the one that the guest is at is marked.</summary>
    public static string Branch(VmSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        const int deepest = 10;
        var name = new string(' ', 2 * Math.Clamp(snapshot.Depth, 0, deepest)) + Cell.Text(snapshot.Name);
        return snapshot.IsParentOfCurrent ? Tint.Good(name + " *") : name;
    }

    /// <summary>What keeps a backup from being removed, hides it, or was found when it was verified.</summary>
    public static string Marks(VmBackup backup)
    {
        ArgumentNullException.ThrowIfNull(backup);
        string?[] marks = [backup.Protected ? "protected" : null, backup.Encrypted ? "encrypted" : null, backup.Verification.Length > 0 ? $"verified: {backup.Verification}" : null, backup.Task is { State: TaskState.Running } ? "being made" : null];
        var text = Cell.List(marks.OfType<string>());
        return backup.Verification == "failed" ? Tint.Bad(text) : text;
    }

    /// <summary>How a task stands, or what it ended with.</summary>
    public static string Outcome(ProxmoxTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Tint.Of(task.State, task.State is TaskState.Running ? "running" : Cell.Text(task.ExitStatus.Length == 0 ? "unknown" : task.ExitStatus));
    }

    /// <summary>Since when a container is as it is: since its start when it runs, else since its end.</summary>
    public static string Since(ContainerDetail container)
    {
        ArgumentNullException.ThrowIfNull(container);
        return Cell.Age(container.State is ContainerState.Running or ContainerState.Paused ? container.StartedAt : container.FinishedAt);
    }

    /// <summary>Why a container is as it is; see <see cref="ContainerCheck"/>.</summary>
    public static string Reason(ContainerDetail container) => Cell.Text(ContainerCheck.Of(container).Reason);

    /// <summary>Where a line of a log was written to.</summary>
    public static string Source(ContainerLogLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Source is LogSource.Error ? Tint.Of(line.Source, "err") : "out";
    }

    /// <summary>What happened to a container, with exit code or signal where there is one.</summary>
    public static string Happened(ContainerEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var text = Cell.Text(happened switch
        {
            { ExitCode: { } code } => $"{happened.Action} (exit code {code})",
            { Signal: { } signal } => $"{happened.Action} (signal {signal})",
            _ => happened.Action,
        });
        return happened switch
        {
            { Action: "oom" or "health_status: unhealthy" } or { Action: "die", ExitCode: not 0 } => Tint.Bad(text),
            { Action: "start" or "health_status: healthy" } => Tint.Good(text),
            { Action: "die" or "kill" or "stop" or "pause" } => Tint.Warn(text),
            _ => text,
        };
    }

    /// <summary>What an entry of the audit was done to, or asked of.</summary>
    public static string What(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Cell.Text($"{entry.Operation} {entry.Target}");
    }

    /// <summary>How an entry of the audit ended, or what it was about while it has not.</summary>
    public static string Outcome(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Error.Length > 0) return Tint.Bad(Cell.Text(entry.Error));
        var text = entry.Result.Length > 0 ? entry.Result : entry.Decision;
        return Tint.Of(entry.Kind, Cell.Text(text.Length > 0 ? $"{HomelabNames.Of(entry.Kind)}: {text}" : HomelabNames.Of(entry.Kind)));
    }

    /// <summary>Where a question stands, with the confirmations it has and needs: <c>Pending 1/2</c>.</summary>
    public static string Standing(Approval approval)
    {
        ArgumentNullException.ThrowIfNull(approval);
        return Tint.Of(approval.Status, approval.Status is ApprovalStatus.Pending ? $"Pending {approval.Confirmations.Count}/{approval.Needed}" : approval.Status.ToString());
    }

    /// <summary>Where a question stands, as whoever waits is told it.</summary>
    public static string Standing(ApprovalState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Tint.Of(state.Status, state.Status is ApprovalStatus.Pending ? $"Pending {state.ConfirmedBy.Count}/{state.ConfirmationsNeeded}" : state.Status.ToString());
    }

    /// <summary>Who said yes, and when.</summary>
    public static string Confirmed(Approval approval)
    {
        ArgumentNullException.ThrowIfNull(approval);
        return Cell.List(approval.Confirmations.Select(static c => $"{c.Approver} ({Cell.Exact(c.At)}{(c.TypedTarget ? ", typed the name" : "")})"));
    }

    /// <summary>How long a run of a runbook took, or takes by now.</summary>
    public static string Took(RunbookRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Cell.Span((run.EndedAt ?? TimeProvider.System.GetUtcNow()) - run.StartedAt);
    }

    /// <summary>What a step told: its error, or what it waits for, or what it returned.</summary>
    public static string Told(StepRecord step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step switch
        {
            { Error: { Length: > 0 } error } => Tint.Bad(Cell.Text(error)),
            { Status: StepStatus.Waiting, Approval: { } approval } => Cell.Text($"waits for approval {approval}"),
            _ => Cell.Text(step.Result),
        };
    }

    /// <summary>What sets a runbook off.</summary>
    public static string Trigger(Runbook runbook)
    {
        ArgumentNullException.ThrowIfNull(runbook);
        var alert = runbook.Trigger?.Alert is { } a ? $"{HomelabNames.Of(a.Status)}{(a.Source is { } source ? $" from {source}" : "")}{(a.Service?.Name is { } name ? $" of {name}" : "")}" : null;
        string[] triggers = [.. new[] { alert, runbook.Trigger?.Schedule?.ToString() }.OfType<string>()];
        return triggers.Length > 0 ? Cell.List(triggers) : Tint.Quiet("by hand");
    }

    /// <summary>The steps of a runbook, each with its operation.</summary>
    public static string Steps(Runbook runbook)
    {
        ArgumentNullException.ThrowIfNull(runbook);
        return Cell.List(runbook.Steps.Select(static s => s.Id == s.Do ? s.Id : $"{s.Id}: {(s.Stop is null ? s.Do : "stop")}"));
    }

    /// <summary>The rules that made a decision.</summary>
    public static string Rules(Decision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return Cell.List(decision.Decisive.Select(static f => f.Rule));
    }

    /// <summary>Why a decision is what it is.</summary>
    public static string Because(Decision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return Cell.List(decision.Decisive.Select(static f => f.Reason));
    }

    /// <summary>Why a call would be decided as it would.</summary>
    public static string Because(GateExplanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return Cell.List(explanation.Findings.Where(f => f.Verdict == explanation.Verdict).Select(static f => f.Reason));
    }

    /// <summary>Why a planned step would do what it would.</summary>
    public static string Because(RunbookPlanStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.Reason.Length > 0 || step.Decision is null ? Cell.Text(step.Reason) : Because(step.Decision);
    }

    /// <summary>What a planned step would act on; empty while that is not known.</summary>
    public static string Target(RunbookPlanStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return Cell.Text(step.Intent?.Target.ToString());
    }

    /// <summary>When the clock last set a runbook off, and how that ended.</summary>
    public static string Last(ScheduleEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.LastAt is null ? "never" : $"{Cell.Age(entry.LastAt)} {Cell.State(entry.LastStatus)}".TrimEnd();
    }

    /// <summary>The steps that would have been taken, one a line.</summary>
    public static string Steps(HealingForecast forecast)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        return Cell.Lines(forecast.Steps.Select(static s => $"{s.Runbook}/{s}"));
    }

    /// <summary>The first of a machine's addresses in the tailnet.</summary>
    public static string Address(TailscalePeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return peer.Addresses is [var first, ..] ? Cell.Text(first) : "";
    }

    /// <summary>When a machine of the tailnet was seen.</summary>
    public static string Seen(TailscalePeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return peer.Online ? "now" : peer.LastSeen is null ? "never" : Cell.Age(peer.LastSeen);
    }

    /// <summary>How a machine of the tailnet is reached.</summary>
    public static string Way(TailscalePeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return peer switch
        {
            { IsSelf: true } => Tint.Quiet("this machine"),
            { DirectAddress.Length: > 0 } => Cell.Text($"direct, {peer.DirectAddress}"),
            { RelayedVia.Length: > 0 } => Tint.Warn(Cell.Text($"relayed by {peer.RelayedVia}")),
            _ => "",
        };
    }

    /// <summary>Every rule that spoke, with what it demands.</summary>
    public static string Findings(GateExplanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return Cell.List(explanation.Findings.Select(static f => $"{f.Rule}: {f.Verdict} ({f.Reason})"));
    }

    /// <summary>What can be done about a decision.</summary>
    public static string WaysOut(Decision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return Cell.List(decision.Decisive.Select(static f => f.WayOut).OfType<string>());
    }

    private static string Way(string text, EngineWay via) => via is EngineWay.Api ? text : Tint.Warn($"{text} ({via.ToString().ToLowerInvariant()})");
}
