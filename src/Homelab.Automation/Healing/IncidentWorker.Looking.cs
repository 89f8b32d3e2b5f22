namespace Homelab.Automation.Healing;

/// <content>How it looks: before acting, for a root among what the service needs, and afterwards for proof.</content>
internal sealed partial class IncidentWorker
{
    /// <summary>Looks before acting. True when the incident is closed: it came back by itself, or its root was dealt with.</summary>
    private async Task<bool> LookFirstAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(context.Tempo.FirstLook, context.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        RungReading? own;
        (string Name, string Detail)? root;
        try
        {
            var ownLook = context.Ladder.ProbeAsync(_incident.Service, Service, _incident.Caller, linked.Token);
            root = await FindRootAsync(linked.Token).ConfigureAwait(false);
            own = await ownLook.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Note("the first look took too long", HealingEventKind.Checked);
            return false;
        }

        if (own is not null) Note($"first look: {own}", HealingEventKind.Checked);
        var runbook = _incident.Runbook is { } name ? context.Runbooks.Find(name) : null;
        if (own is { IsUp: true } && await CloseIfProvedAsync(runbook, "back by itself; nothing was done", cancellationToken).ConfigureAwait(false)) return true;
        return root is { } cause && await WaitForRootAsync(cause.Name, cause.Detail, runbook, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The nearest service it depends on that is down too: that one is the root.</summary>
    private async Task<(string Name, string Detail)?> FindRootAsync(CancellationToken cancellationToken)
    {
        var dependencies = context.Services.DependenciesOf(_incident.Service);
        if (dependencies.Count == 0) return null;
        var looks = dependencies.Select(async name => (Name: name, Reading: engine.OpenIncidentOf(name) is not null
            ? new RungReading("incident", false, "it has an open incident")
            : await context.Ladder.ProbeAsync(name, context.Services.Get(name), _incident.Caller, cancellationToken).ConfigureAwait(false)));
        var down = (await Task.WhenAll(looks).ConfigureAwait(false)).Where(l => l.Reading is { IsUp: false }).ToArray();
        // The deepest one that is down has nothing below it that is: it is the root, not another member.
        var root = down.LastOrDefault(d => !context.Services.DependenciesOf(d.Name).Any(below => down.Any(other => other.Name == below)));
        if (root.Name is null) return null;
        Note($"{root.Name}, which it needs, is down too: {root.Reading!.Detail}", HealingEventKind.Checked);
        return (root.Name, root.Reading.Detail);
    }

    /// <summary>Lets the root be healed first, then looks again. True when the incident is closed.</summary>
    private async Task<bool> WaitForRootAsync(string root, string detail, Runbook? runbook, CancellationToken cancellationToken)
    {
        await SaveAsync(_incident with { Status = IncidentStatus.Waiting, Root = root, Summary = $"waits for {root}" }, run: null, [], cancellationToken).ConfigureAwait(false);
        Tell(HealingEventKind.IncidentWaits, $"waits for {root}");
        // The store knows which incident is the root's, whoever opened it and whichever process works on it.
        var reported = await engine.ReportRootAsync(root, _incident, detail, attendant, cancellationToken).ConfigureAwait(false);
        while (reported.Incident is { } other && await context.Store.FindIncidentAsync(other.Id, cancellationToken).ConfigureAwait(false) is { IsOpen: true })
        {
            await PauseAsync(context.Tempo.RootPoll, cancellationToken).ConfigureAwait(false);
        }

        if (await context.Ladder.ProbeAsync(root, context.Services.Get(root), _incident.Caller, cancellationToken).ConfigureAwait(false) is { IsUp: false } still)
        {
            await EscalateWithRootAsync($"{root}, which it needs, is still down: {still.Detail}", cancellationToken).ConfigureAwait(false);
            return true;
        }

        return await CloseIfProvedAsync(runbook, $"back after {root} was", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Proves that it is back although nothing was done to it. True when the incident is closed: it is back, or that cannot be told.</summary>
    private async Task<bool> CloseIfProvedAsync(Runbook? runbook, string how, CancellationToken cancellationToken)
    {
        var proof = await ProveAsync(runbook?.Verify ?? new RunbookVerify(), context.Now, cancellationToken).ConfigureAwait(false);
        if (proof.IsUp) await RecoverAsync(run: null, how, cancellationToken).ConfigureAwait(false);
        // What answers is not restarted because somebody else cannot be asked about it.
        else if (proof.IsUnclear) await EscalateUnclearAsync(proof, run: null, cancellationToken).ConfigureAwait(false);
        return proof.IsUp || proof.IsUnclear;
    }

    private Task<LadderReading> ProveAsync(RunbookVerify verify, DateTimeOffset since, CancellationToken cancellationToken) =>
        context.Ladder.ProveAsync(_incident.Service, Service, verify, since, _scope ?? Scope(_alert), _incident.Caller, reading => Note(reading.ToString(), HealingEventKind.Checked), context.Time, cancellationToken);
}
