namespace Homelab.Automation.Healing;

/// <content>How it looks: before acting, where the failure comes from, and afterwards for proof.</content>
internal sealed partial class IncidentWorker
{
    // Whose root comes and goes is not acted on behind its back; after so many times a person is told.
    private const int MostRounds = 3;

    /// <summary>Looks before acting. True when the incident is closed: it came back by itself, or its root was dealt with.</summary>
    private async Task<bool> LookFirstAsync(CancellationToken cancellationToken)
    {
        var runbook = ChosenRunbook;
        if (await HoldWhileFlappingAsync(cancellationToken).ConfigureAwait(false)) return true;
        var since = _incident.OpenedAt;
        for (var round = 1; ; round++)
        {
            var (own, finder) = await GatherAsync(since, cancellationToken).ConfigureAwait(false);
            if (own is not null) Note($"first look: {own}", HealingEventKind.Checked);
            if (own is { IsUp: true } && await CloseIfProvedAsync(runbook, "back by itself; nothing was done", cancellationToken).ConfigureAwait(false)) return true;
            var finding = finder.Find(_incident.Service);
            // On disk with whatever is written next.
            _incident = _incident with { Finding = finding };
            if (finding.Roots.Count == 0) return false;
            if (round > MostRounds)
            {
                await EscalateWithRootAsync($"{string.Join(" and ", finding.Roots)}, which it needs, came back {MostRounds} times and is down again", cancellationToken).ConfigureAwait(false);
                return true;
            }

            if (await WaitForRootsAsync(finding, runbook, cancellationToken).ConfigureAwait(false)) return true;
            since = context.Now;
        }
    }

    /// <summary>Looks where the failure comes from while there is time, so that a storm is one incident from its beginning. True when the incident is closed.</summary>
    private async Task<bool> JoinEarlyAsync(CancellationToken cancellationToken)
    {
        var (own, finder) = await GatherAsync(_incident.OpenedAt, cancellationToken).ConfigureAwait(false);
        if (own is { IsUp: true } || finder.Find(_incident.Service) is not { Roots.Count: > 0 } finding) return false;
        _incident = _incident with { Finding = finding };
        return await WaitForRootsAsync(finding, ChosenRunbook, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What is seen of it and of all it needs; where our own looks do not tell, together with what others have reported by then.</summary>
    private async Task<RootEvidence> GatherAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var evidence = await engine.Roots.GatherAsync(_incident, since, isWide: false, cancellationToken).ConfigureAwait(false);
        var isMachine = context.Services.Graph.MachineOf(_incident.Service) is not null;
        if (evidence.Own is { IsUp: true } || (!isMachine && evidence.Finder.IsSure(_incident.Service))) return evidence;
        // Nobody lets a person wait for what may come; what came, counts.
        if (_incident.Caller.IsUnattended) await PauseAsync(Shorter(_incident.OpenedAt + context.Tempo.Gather - context.Now, context.Tempo.Gather), cancellationToken).ConfigureAwait(false);
        // A storm's members look at the same things: one look, once half of the time has gone by, is enough for all.
        var half = _incident.OpenedAt + (context.Tempo.Gather / 2);
        return await engine.Roots.GatherAsync(_incident, since > half ? since : half, isWide: true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Proves that it is back although nothing was done to it. True when the incident is closed: it is back, or that cannot be told.</summary>
    private async Task<bool> CloseIfProvedAsync(Runbook? runbook, string how, CancellationToken cancellationToken)
    {
        var proof = await ProveAsync(runbook?.Verify ?? new RunbookVerify(), context.Now, cancellationToken).ConfigureAwait(false);
        // It may have begun to come and go meanwhile.
        if (proof.IsUp && !_isFlapping && IsFlapping) return await HoldWhileFlappingAsync(cancellationToken).ConfigureAwait(false);
        if (proof.IsUp)
        {
            // A run whose proof came too late was a run all the same: nobody may read that nothing was done, and people are told.
            var tried = await context.Store.ListRunsAsync(_incident.Id, cancellationToken).ConfigureAwait(false) is [.., var last] ? last : null;
            await RecoverAsync(tried, tried is null ? how : $"back after {tried.Runbook}, attempt {tried.Attempt}, later than its proof allows", cancellationToken).ConfigureAwait(false);
        }

        // What answers is not restarted because somebody else cannot be asked about it.
        if (proof is { IsUp: false, IsUnclear: true }) await EscalateUnclearAsync(proof, run: null, cancellationToken).ConfigureAwait(false);
        return proof.IsUp || proof.IsUnclear;
    }

    private Task<LadderReading> ProveAsync(RunbookVerify verify, DateTimeOffset since, CancellationToken cancellationToken) =>
        context.Ladder.ProveAsync(_incident.Service, Service, verify, since, _scope ?? Scope(_alert), _incident.Caller, reading => Note(reading.ToString(), HealingEventKind.Checked), context.Time, cancellationToken);
}
