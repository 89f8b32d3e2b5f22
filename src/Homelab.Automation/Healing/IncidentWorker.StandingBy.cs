using Homelab.Automation.Correlation;

namespace Homelab.Automation.Healing;

/// <content>A machine that is down and for which there is no runbook: a person is told once, and it is watched until it is back. None of its members acts meanwhile.</content>
internal sealed partial class IncidentWorker
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(2);

    /// <summary>Tells a person, and watches. True when the incident is closed: the machine is back; false where this is no machine, or there is a runbook for it.</summary>
    private async Task<bool> StandByAsync(CancellationToken cancellationToken)
    {
        if (context.Services.Graph.MachineOf(_incident.Service) is null || ChosenRunbook is not null || _reported != AlertStatus.Down || !_incident.Caller.IsUnattended) return false;
        const string why = "no runbook fits; what runs there is left alone until it is back";
        var members = MembersText(await ListMembersAsync(cancellationToken).ConfigureAwait(false), "down with it");
        var notice = EscalationNotice($"🚨 {_incident.Service}\nStatus: ❌ Down\n{Service.Hint}\nWhy: {why}{members}");
        await SaveAsync(_incident with { Status = IncidentStatus.Escalated, Summary = why }, run: null, [], cancellationToken, notice).ConfigureAwait(false);
        Tell(HealingEventKind.Escalated, why);
        _wasTold = true;
        for (var pause = s_firstPause; ; pause = pause * 2 < context.Tempo.LongestPause ? pause * 2 : context.Tempo.LongestPause)
        {
            await WaitAsync(pause < context.Tempo.LongestPause ? pause : context.Tempo.LongestPause, cancellationToken).ConfigureAwait(false);
            var (own, finder) = await engine.Roots.GatherAsync(_incident, context.Now, isWide: true, cancellationToken).ConfigureAwait(false);
            // One that cannot be looked at is back when what runs there is.
            var isBack = own is { IsKnown: true } ? own.IsUp : finder.StateOf(_incident.Service) != SightedState.Down && IsAnyUp(finder);
            if (!isBack) continue;
            await RecoverAsync(run: null, "back; nothing was done", cancellationToken).ConfigureAwait(false);
            return true;
        }
    }

    private bool IsAnyUp(RootFinder finder) => context.Services.Graph.RunningOn(_incident.Service).Any(r => finder.StateOf(r) == SightedState.Up);
}
