using System.Text.Json;
using Homelab.Automation.Healing;
using Homelab.Lab;
using Spectre.Console;

namespace Homelab.Host.Demo;

/// <summary>The play: a crash, a storm, a refusal, and a container that cannot be saved. What it claims at the end, it has observed.</summary>
internal sealed class DemoScript(DemoStage stage)
{
    // What is waited for comes within seconds; on a busy machine, or a small one, later.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly List<(string What, bool Seen)> _observed = [];

    /// <summary>Plays it.</summary>
    /// <returns>True only if everything was observed.</returns>
    internal async Task<bool> PlayAsync(CancellationToken cancellationToken)
    {
        stage.Console.MarkupLine("[bold]homelab demo[/]: a simulated homelab of five machines on loopback, the real engine, one gate.");
        stage.Console.MarkupLine("[grey]Times are shortened: a service settles for 0.3 s in place of 30.[/]");
        await CrashAsync(cancellationToken);
        await StormAsync(cancellationToken);
        await RefusalAsync(cancellationToken);
        await LostCauseAsync(cancellationToken);
        await AuditAsync(cancellationToken);
        return Conclude();
    }

    private async Task CrashAsync(CancellationToken cancellationToken)
    {
        stage.Story.Title("1. A container crashes");
        var before = stage.Homelab.Changes.Count;
        stage.Homelab.ContainerOf("gitea").Crash(137);
        stage.Story.Say("crash", "gitea@dev exits with code 137. Nobody is told yet; Uptime Kuma will notice.");
        var recovered = await HappenedAsync(HealingEventKind.Recovered, "gitea", cancellationToken);
        var told = await ToldAsync("gitea", cancellationToken);
        See("Uptime Kuma's alert came in over HTTP and was matched with its service", Has(HealingEventKind.AlertAccepted, "gitea"));
        See("gitea was restarted once, by one request to its engine", WasRestarted("gitea", before));
        See("its container, its own check and its monitor all said that it is back", recovered && stage.Story.Events.Any(IsFullProof));
        See("the chat was told", told);

        static bool IsFullProof(HealingEvent e) => e is { Kind: HealingEventKind.Checked, Service: "gitea" }
            && e.Text.Contains("container ok", StringComparison.Ordinal)
            && e.Text.Contains("probe ok", StringComparison.Ordinal)
            && e.Text.Contains("monitor ok", StringComparison.Ordinal);
    }

    private async Task StormAsync(CancellationToken cancellationToken)
    {
        stage.Story.Title("2. A storm: DNS dies, and everything that needs it");
        var before = stage.Homelab.Changes.Count;
        var seen = stage.Story.Events.Count;
        string[] affected = [.. HomelabPlan.Services.Where(s => s.DependsOn.Contains("dns", StringComparer.Ordinal)).Select(s => s.Name)];
        stage.Homelab.ContainerOf("dns").Crash();
        stage.Story.Say("crash", $"adguardhome@infra exits; {affected.Length} services that need it answer 503.");
        var all = await stage.Story.WaitAsync(
            events =>
            {
                var since = events.Skip(seen).ToArray();
                return affected.All(name => since.Any(e => e.Kind == HealingEventKind.AlertAccepted && e.Service == name) && since.Any(e => e.Kind == HealingEventKind.Recovered && e.Service == name))
                    && since.Any(e => e is { Kind: HealingEventKind.Recovered, Service: "dns" });
            },
            s_patience,
            cancellationToken);
        See($"{affected.Length + 1} services were reported down, and exactly one container was restarted: adguardhome", all && WasRestarted("dns", before));
        See("every one of them was proved to be back", all);
    }

    private async Task RefusalAsync(CancellationToken cancellationToken)
    {
        stage.Story.Title("3. Somebody asks for what he may not have");
        var before = stage.Homelab.Changes.Count;
        var refusal = await StopHomepageAsync(new Caller(Face.Mcp, "assistant"), approval: null, cancellationToken);
        stage.Story.Say("refused", refusal.Error?.Message ?? "it was not refused");
        See("an AI client of level monitor could not stop a container", refusal.Error is GateException { Id: "LevelTooLow" });

        var client = new Caller(Face.Rest, "dashboard");
        var asked = await StopHomepageAsync(client, approval: null, cancellationToken);
        var approval = (asked.Outcome as GateOutcome.Waiting)?.Approval;
        stage.Story.Say("asks", approval is null ? "no question was asked" : $"{approval.Question} {approval.Reason}");
        See("a REST client's stop waits for a person, and nothing was done meanwhile", approval is not null && stage.Homelab.Changes.Count == before);
        if (approval is null) return;

        await stage.Runtime.Approvals.DenyAsync(approval.Id, "cli:you", cancellationToken);
        stage.Story.Say("answer", "A person says no.");
        var again = await StopHomepageAsync(client, approval.Id, cancellationToken);
        stage.Story.Say("refused", again.Error?.Message ?? "it was not refused");
        See("after the no it stays undone", again.Error is not null && stage.Homelab.ContainerOf("homepage").Running && stage.Homelab.Changes.Count == before);
    }

    private async Task LostCauseAsync(CancellationToken cancellationToken)
    {
        stage.Story.Title("4. A container that cannot be saved");
        var ragflow = stage.Homelab.ContainerOf("ragflow");
        var before = stage.Homelab.Changes.Count;
        var messages = stage.Homelab.Telegram.Messages.Count;
        ragflow.WriteLog("fatal: the index cannot be opened", LogSource.Error);
        ragflow.DieAfterStart();
        ragflow.Crash();
        stage.Story.Say("crash", "ragflow@ai exits, and will exit again after every start.");
        var escalated = await HappenedAsync(HealingEventKind.Escalated, "ragflow", cancellationToken);
        await stage.Story.WaitAsync(_ => stage.Homelab.Telegram.Messages.Count > messages, s_patience, cancellationToken);
        var message = stage.Homelab.Telegram.Messages.Skip(messages).FirstOrDefault()?.Text ?? "(nothing)";
        stage.Console.Write(new Panel(Markup.Escape(message)).Header("what the chat shows"));
        See("it was tried three times, and no more", stage.Homelab.Changes.Skip(before).Count() == 3);
        See(
            "then a person was told, with the evidence and where to look",
            escalated && message.Contains("Check its index.", StringComparison.Ordinal) && message.Contains("container not ok", StringComparison.Ordinal));
    }

    private async Task AuditAsync(CancellationToken cancellationToken)
    {
        var lines = await stage.Runtime.Store.ReadAuditAsync(1, cancellationToken).ToListAsync(cancellationToken);
        var verdict = await AuditChain.VerifyAsync(lines.ToAsyncEnumerable(), cancellationToken);
        var intents = lines.Count(l => l.Kind == AuditKind.Intent);
        string[] secrets = [stage.Homelab.Tokens.Hook, stage.Homelab.Tokens.KumaKey, stage.Homelab.Tokens.Telegram];
        See(
            $"the audit holds: {verdict.Line} lines in one chain, {intents} changes with intent and outcome, no secret",
            verdict.Intact
                && intents == stage.Homelab.Changes.Count
                && intents == lines.Count(l => l.Kind == AuditKind.Outcome)
                && !lines.Any(l => secrets.Any(s => l.ToString().Contains(s, StringComparison.Ordinal))));
    }

    private bool Conclude()
    {
        stage.Story.Title("What was observed");
        foreach (var (what, seen) in _observed) stage.Console.MarkupLine($"{(seen ? "[green]yes[/]" : "[red]NO [/]")} {Markup.Escape(what)}");
        var missing = _observed.Count(o => !o.Seen);
        stage.Console.MarkupLine(missing == 0 ? $"[green]All {_observed.Count} observed.[/]" : $"[red]{missing} of {_observed.Count} not observed.[/]");
        return missing == 0;
    }

    private void See(string what, bool seen) => _observed.Add((what, seen));

    private bool Has(HealingEventKind kind, string service) => stage.Story.Events.Any(e => e.Kind == kind && e.Service == service);

    private bool WasRestarted(string service, int before) =>
        stage.Homelab.Changes.Skip(before).Select(c => c.Path).SequenceEqual([$"/containers/{stage.Homelab.ContainerOf(service).Id}/restart"], StringComparer.Ordinal);

    private Task<bool> HappenedAsync(HealingEventKind kind, string service, CancellationToken cancellationToken) =>
        stage.Story.WaitAsync(_ => Has(kind, service), s_patience, cancellationToken);

    private Task<bool> ToldAsync(string service, CancellationToken cancellationToken) =>
        stage.Story.WaitAsync(_ => stage.Homelab.Telegram.Messages.Any(m => m.Text.Contains(service, StringComparison.Ordinal)), s_patience, cancellationToken);

    private async Task<(GateOutcome? Outcome, HomelabException? Error)> StopHomepageAsync(Caller caller, string? approval, CancellationToken cancellationToken)
    {
        try
        {
            var request = new GateRequest
            {
                Operation = "docker_stop_container",
                Json = JsonSerializer.SerializeToElement(new { container = "homepage@infra" }),
                Caller = caller,
                Approval = approval,
            };
            return (await stage.Runtime.Gate.InvokeAsync(request, cancellationToken), null);
        }
        catch (HomelabException e)
        {
            return (null, e);
        }
    }
}
