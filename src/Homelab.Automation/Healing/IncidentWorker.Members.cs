using Homelab.Automation.Correlation;

namespace Homelab.Automation.Healing;

/// <content>Roots and members: a member waits until its root is well, and is proved by itself then; a root that is back waits for its members, to tell of all of them at once.</content>
internal sealed partial class IncidentWorker
{
    /// <summary>Lets the roots be healed first, then looks again. True when the incident is closed; else the roots are well, this is not, and from here on it stands for itself.</summary>
    private async Task<bool> WaitForRootsAsync(RootFinding finding, Runbook? runbook, CancellationToken cancellationToken)
    {
        var names = string.Join(" and ", finding.Roots);
        foreach (var cause in finding.Considered.Where(c => c.IsRoot)) Note($"{cause.Service}, which it needs, is down too: {cause.Seen}", HealingEventKind.Checked);
        await SaveAsync(_incident with { Status = IncidentStatus.Waiting, Root = finding.Roots[0], Summary = $"waits for {names}" }, run: null, [], cancellationToken).ConfigureAwait(false);
        Tell(HealingEventKind.IncidentWaits, $"waits for {names}");
        var roots = new List<string>();
        foreach (var cause in finding.Considered.Where(c => c.IsRoot))
        {
            // The store knows which incident is the root's, whoever opened it and whichever process works on it.
            var reported = await engine.ReportRootAsync(cause.Service, _incident, cause.Seen, _incident.DueAt <= context.Now, attendant, cancellationToken).ConfigureAwait(false);
            if (reported is not null) roots.Add(reported.Id);
        }

        if (roots.Count > 0) await SaveAsync(_incident with { Parent = roots[0] }, run: null, [], cancellationToken).ConfigureAwait(false);
        if (await WaitWhileOpenAsync(roots, runbook, cancellationToken).ConfigureAwait(false)) return true;
        var (own, finder) = await engine.Roots.GatherAsync(_incident, context.Now, isWide: true, cancellationToken).ConfigureAwait(false);
        if (own is not { IsUp: true } && finding.Roots.FirstOrDefault(r => finder.StateOf(r) == SightedState.Down) is { } still)
        {
            var seen = finder.Find(_incident.Service).Considered.FirstOrDefault(c => c.Service == still)?.Seen;
            await EscalateWithRootAsync($"{still}, which it needs, is still down: {seen}", cancellationToken).ConfigureAwait(false);
            return true;
        }

        if (await CloseIfProvedAsync(runbook, $"back after {names} {(finding.Roots.Count == 1 ? "was" : "were")}", cancellationToken).ConfigureAwait(false)) return true;
        Note($"{names} {(finding.Roots.Count == 1 ? "is" : "are")} back, and it is not: from here on it stands for itself", HealingEventKind.Checked);
        await SaveAsync(_incident with { Root = null, Parent = null, Summary = $"still down after {names}" }, run: null, [], cancellationToken).ConfigureAwait(false);
        return false;
    }

    /// <summary>Waits until every root is well or given up. True when the incident is closed, because it came back before they did.</summary>
    private async Task<bool> WaitWhileOpenAsync(List<string> roots, Runbook? runbook, CancellationToken cancellationToken)
    {
        var isUrgent = _incident.DueAt <= context.Now;
        while (await AreOpenAsync(roots, cancellationToken).ConfigureAwait(false))
        {
            if (!isUrgent && (_isUrgent || _incident.DueAt <= context.Now))
            {
                isUrgent = true;
                foreach (var root in roots) engine.Hurry(root);
            }

            var isHurried = await WaitAsync(context.Tempo.RootPoll, cancellationToken).ConfigureAwait(false);
            if (isHurried && await IsUpAsync(cancellationToken).ConfigureAwait(false) && await CloseIfProvedAsync(runbook, "back by itself; nothing was done", cancellationToken).ConfigureAwait(false)) return true;
        }

        return false;
    }

    private async Task<bool> AreOpenAsync(List<string> roots, CancellationToken cancellationToken)
    {
        var isAnyOpen = false;
        for (var i = 0; i < roots.Count; i++)
        {
            var root = await context.Store.FindIncidentAsync(roots[i], cancellationToken).ConfigureAwait(false);
            if (root is not { IsOpen: true, Status: not IncidentStatus.Following }) continue;
            // A machine that is down is waited for as long as it takes, but nobody sits at the prompt so long.
            if (root.Status == IncidentStatus.Escalated && !_incident.Caller.IsUnattended) continue;
            isAnyOpen = true;
            if (root.Parent is not { } higher) continue;
            // The root turned out to be a member itself: there is one incident, and this is its member too.
            roots[i] = higher;
            if (i == 0) await SaveAsync(_incident with { Parent = higher }, run: null, [], cancellationToken).ConfigureAwait(false);
        }

        return isAnyOpen;
    }

    private async Task<bool> IsUpAsync(CancellationToken cancellationToken) =>
        (await context.Ladder.LookAsync(_incident.Service, Service, [VerifyCheck.Service], _incident.Caller, cancellationToken).ConfigureAwait(false)).IsUp;

    /// <summary>Members: those that say so, and those that are about to.</summary>
    private async Task<IReadOnlyList<Incident>> ListMembersAsync(CancellationToken cancellationToken)
    {
        var members = await context.Store.ListIncidentsAsync(new IncidentFilter { Parent = _incident.Id, Most = int.MaxValue }, cancellationToken).ConfigureAwait(false);
        var open = await context.Store.ListOpenIncidentsAsync(cancellationToken).ConfigureAwait(false);
        return [.. members.Reverse(), .. open.Where(i => i.Parent is null && i.Root == _incident.Service && i.Id != _incident.Id)];
    }

    /// <summary>Waits until the members have been proved to be back, or have not; not for ever. Tells how each ended.</summary>
    private async Task<IReadOnlyList<Incident>> FollowMembersAsync(IReadOnlyList<Incident> members, CancellationToken cancellationToken)
    {
        var patience = new Countdown(context.Tempo.MemberPatience, context.Time);
        while (true)
        {
            var now = new List<Incident>();
            foreach (var member in members) now.Add(await context.Store.FindIncidentAsync(member.Id, cancellationToken).ConfigureAwait(false) ?? member);
            // One that stands for itself by now has its own message.
            if (patience.IsOver || !now.Exists(m => m.IsOpen && (m.Parent == _incident.Id || m.Root == _incident.Service))) return now;
            await PauseAsync(context.Tempo.RootPoll, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string MembersText(IReadOnlyList<Incident> members, string whileOpen)
    {
        if (members.Count == 0) return "";
        var ends = members
            .GroupBy(m => m.Status == IncidentStatus.Recovered ? "back" : m.Status == IncidentStatus.Escalated ? "not proved to be back" : m.Parent is null && m.Root is null ? "still down, and looked after by itself" : whileOpen, StringComparer.Ordinal)
            .Select(g => $"{g.Key}: {string.Join(", ", g.Select(m => m.Service).Order(StringComparer.Ordinal))}");
        return $"\nIt was the cause of {members.Count} more. {char.ToUpperInvariant(ends.First()[0])}{string.Join("; ", ends)[1..]}.";
    }
}
