using Homelab.Automation.Correlation;
using Homelab.Automation.Healing;

namespace Homelab.Automation.Tapes;

/// <content>Roots and members: what fails because of something else waits until that is well, as in healing, and is judged by itself then.</content>
public sealed partial class Replay
{
    // As healing counts them.
    private const int MostRounds = 3;

    private const string StandsBy = "no runbook fits; what runs there is left alone until it is back";

    /// <summary>Lets what it comes from be healed first. True when nothing else is to be done about it now.</summary>
    private bool WaitsForRoots(PaperIncident incident, DateTimeOffset now)
    {
        var finder = new RootFinder(_services.Graph, _sightings);
        var roots = finder.RootsOf(incident.Service);
        if (roots.Count == 0)
        {
            incident.Roots = [];
            return false;
        }

        if (roots.Where(r => !_open.ContainsKey(r)).Select(r => _ahead.NextDown(r)?.At).Min() is { } coming && coming >= now)
        {
            // Its own alert is only not here yet.
            PutOff(incident, coming.AddTicks(1));
            return true;
        }

        incident.Roots = roots;
        if (++incident.Rounds > MostRounds)
        {
            Escalate(incident, $"{string.Join(" and ", roots)}, which it needs, came back {MostRounds} times and is down again");
            return true;
        }

        incident.Due = null;
        foreach (var root in roots)
        {
            if (_open.TryGetValue(root, out var its)) Join(incident, its);
            else if (_sightings.GaveUpAt(root) is null) Join(incident, Infer(root, incident, finder, now));
        }

        if (incident.WaitsFor.Count == 0) EscalateWithRoot(incident);
        else Inherit(incident, incident.WaitsFor[0]);
        return true;
    }

    /// <summary>Opens the incident of a machine, of which no alert tells and which all that runs there tells to be down.</summary>
    private PaperIncident Infer(string root, PaperIncident found, RootFinder finder, DateTimeOffset now)
    {
        var seen = finder.Find(found.Service).Considered.First(c => c.Service == root).Seen;
        var alert = new Alert { Source = HealingEngine.OurSource, Status = AlertStatus.Down, Subject = _services.SubjectOf(root), Message = $"{seen}; found while looking into {found.Service}", At = now, Fingerprint = "" };
        var incident = Open(root, new TapeEntry { At = now, Hook = found.Caller.Identity, Source = alert.Source, Alert = alert, Service = root });
        incident.Alerts = 0;
        return incident;
    }

    private void Join(PaperIncident member, PaperIncident root)
    {
        member.WaitsFor.Add(root);
        root.Members[member.Service] = member;
        Hurry(root, member.ActsAt);
    }

    /// <summary>A root that turned out to be a member itself: there is one incident, and what waited for it are members of that too.</summary>
    private void Inherit(PaperIncident from, PaperIncident root)
    {
        foreach (var member in from.Members.Values.Where(static m => m.IsOpen).ToList())
        {
            from.Members.Remove(member.Service);
            member.WaitsFor.Remove(from);
            if (!member.WaitsFor.Contains(root)) Join(member, root);
        }
    }

    // It is as urgent as what needs it.
    private void Hurry(PaperIncident root, DateTimeOffset at)
    {
        if (root.ActsAt <= at || root.Attempts > 0 || root.IsAsking) return;
        root.ActsAt = at;
        if (root.Due > at) PutOff(root, at > _clock.GetUtcNow() ? at : _clock.GetUtcNow());
        foreach (var higher in root.WaitsFor) Hurry(higher, at);
    }

    /// <summary>Lets those go on that waited for it: they are proved by themselves, and act only if that it is well did not bring them back.</summary>
    private void Release(PaperIncident root)
    {
        foreach (var member in root.Members.Values.Where(static m => m.IsOpen).ToList())
        {
            if (!member.WaitsFor.Remove(root) || member.WaitsFor.Count > 0) continue;
            if (member.Roots.Any(r => _sightings.GaveUpAt(r) is not null)) EscalateWithRoot(member);
            else PutOff(member, _clock.GetUtcNow() + (member.Runbook?.Verify ?? new RunbookVerify()).Within);
        }
    }

    private void EscalateWithRoot(PaperIncident member) => Escalate(member, $"{member.Roots.First(r => _sightings.GaveUpAt(r) is not null)}, which it needs, was not healed");

    /// <summary>A machine that no alert told of is back when something that runs there is.</summary>
    private void LookAtMachineOf(string service)
    {
        foreach (var need in _services.Graph.NeedsOf(service).Where(static n => n.Kind == NeedKind.Host))
        {
            if (_open.TryGetValue(need.On, out var incident) && incident.Line.Source == HealingEngine.OurSource && new RootFinder(_services.Graph, _sightings).StateOf(need.On) != SightedState.Down) IsUp(incident);
            LookAtMachineOf(need.On);
        }
    }
}
