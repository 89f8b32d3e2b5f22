namespace Homelab.Automation.Healing;

/// <content>A service that comes and goes: one incident, which looks at it at growing intervals, and is closed when it holds. It is not restarted again and again.</content>
internal sealed partial class IncidentWorker
{
    private const int FirstShare = 40;
    private const int LongestShare = 4;

    private bool IsFlapping => _reported == AlertStatus.Down && _incident.Caller.IsUnattended && engine.Watch.IsFlapping(_incident.Service, context.Now);

    /// <summary>Watches it while it comes and goes. True when the incident is closed: it has held; false where it does not flap, or is down for good.</summary>
    private async Task<bool> HoldWhileFlappingAsync(CancellationToken cancellationToken)
    {
        if (_isFlapping || !IsFlapping) return false;
        _isFlapping = true;
        try
        {
            var within = engine.Watch.Flapping.Within;
            var why = $"Flapping: {engine.Watch.ChangesOf(_incident.Service, context.Now)} changes within {Duration.Format(within)}; watched until it holds for as long";
            var notice = NewNotice($"{_incident.Id}/flapping", $"🌀 {_incident.Service}\nStatus: Flapping\n{why}. {Service.Hint}".TrimEnd());
            await SaveAsync(_incident with { Status = IncidentStatus.Waiting, Summary = why }, run: null, [], cancellationToken, notice).ConfigureAwait(false);
            Tell(HealingEventKind.IncidentWaits, why);
            _wasTold = true;
            if (await WatchAsync(why, within, cancellationToken).ConfigureAwait(false) is not { } end) return false;
            if (!_incident.IsOpen) return true;
            _isFlapping = false;
            await RecoverAsync(run: null, end, cancellationToken).ConfigureAwait(false);
            return true;
        }
        finally
        {
            _isFlapping = false;
        }
    }

    /// <summary>Looks until it has held, and returns how it ended; null when it is down for good.</summary>
    private async Task<string?> WatchAsync(string why, TimeSpan within, CancellationToken cancellationToken)
    {
        DateTimeOffset? upSince = null;
        DateTimeOffset? downSince = null;
        var longest = within / LongestShare;
        for (var pause = within / FirstShare; ; pause = pause * 2 < longest ? pause * 2 : longest)
        {
            await PauseAsync(pause, cancellationToken).ConfigureAwait(false);
            var isUp = await IsUpAsync(cancellationToken).ConfigureAwait(false);
            var wasDown = downSince is not null;
            downSince = isUp ? null : downSince ?? context.Now;
            upSince = isUp ? upSince ?? context.Now : null;
            // Between two looks it may have gone and come.
            if (upSince is not null && engine.Watch.LastDownOf(_incident.Service) is { } reported && reported > upSince) upSince = reported;
            if (context.Now - upSince >= within) return $"has held for {Duration.Format(within)} after it came and went";
            if (context.Now - downSince >= within) return null;
            if (wasDown && !isUp && await ActWhileFlappingAsync(why, cancellationToken).ConfigureAwait(false)) return why;
        }
    }

    /// <summary>Tries once, where it stays down and the runbook's throttle allows it. True when the incident is closed by that.</summary>
    private async Task<bool> ActWhileFlappingAsync(string why, CancellationToken cancellationToken)
    {
        if (ChosenRunbook is not { } runbook) return false;
        var history = await context.Store.ReadRunHistoryAsync(runbook.Name, _incident.Service, context.Now - runbook.Throttle.Per, cancellationToken).ConfigureAwait(false);
        if (history.Runs >= runbook.Throttle.Attempts || history.LastRecoveredAt + runbook.Throttle.Cooldown > context.Now) return false;
        if (await IsHeldBackAsync(runbook, 1, 1, cancellationToken).ConfigureAwait(false)) return !_incident.IsOpen;
        var runs = await context.Store.ListRunsAsync(_incident.Id, cancellationToken).ConfigureAwait(false);
        var run = new RunbookRun
        {
            Id = context.NewId(),
            Incident = _incident.Id,
            Service = _incident.Service,
            Runbook = runbook.Name,
            Attempt = runs.Count + 1,
            Caller = _incident.Caller,
            Status = RunStatus.Running,
            StartedAt = context.Now,
        };
        await SaveAsync(_incident with { Status = IncidentStatus.Healing, Summary = $"{runbook.Name} while it flaps" }, run, [], cancellationToken).ConfigureAwait(false);
        Tell(HealingEventKind.RunStarted, $"{runbook.Name} while it flaps");
        await PassAsync(run, cancellationToken).ConfigureAwait(false);
        if (!_incident.IsOpen) return true;
        await SaveAsync(_incident with { Status = IncidentStatus.Waiting, Summary = why }, run: null, [], cancellationToken).ConfigureAwait(false);
        return false;
    }
}
