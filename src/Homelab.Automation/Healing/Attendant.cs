using System.Collections.Concurrent;

namespace Homelab.Automation.Healing;

/// <summary>A person who waits while a service is healed for their wish: is asked, hears what happens to the incidents that come of it, and may stop it.</summary>
internal sealed class Attendant(HealRequest request, CancellationToken stop) : IHealingObserver
{
    private readonly ConcurrentDictionary<string, bool> _incidents = new(StringComparer.Ordinal);

    internal Caller Caller => request.Caller;

    internal IConfirmation? Confirmation => request.Confirmation;

    internal bool EvenIfWell => request.EvenIfWell;

    /// <summary>The person has gone.</summary>
    internal CancellationToken Stop => stop;

    /// <summary>The incidents that come of the wish: the service's own, and those of its roots.</summary>
    internal IEnumerable<string> Incidents => _incidents.Keys;

    internal void Follow(string incident) => _incidents.TryAdd(incident, true);

    /// <inheritdoc/>
    public void On(HealingEvent what)
    {
        if (_incidents.ContainsKey(what.Incident)) request.Progress?.Invoke(what);
    }
}

/// <summary>Stands for a person who is not there any more: what policy lets run by itself runs, and everything else is taken for a no.</summary>
internal sealed class AbsentPerson : IConfirmation
{
    internal static AbsentPerson Instance { get; } = new();

    /// <inheritdoc/>
    public ValueTask<bool> ConfirmAsync(Intent intent, Decision decision, int number, CancellationToken cancellationToken) => ValueTask.FromResult(decision.Verdict == Requirement.Auto);
}
