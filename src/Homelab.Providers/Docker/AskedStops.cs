namespace Homelab.Providers.Docker;

/// <summary>Remembers which containers were told to end, so that their end is no alarm: ours, and everybody else's.</summary>
internal sealed class AskedStops
{
    // A stop first asks and, when the grace is over, kills; each is an event of its own. Graces above this are rare, and then the kill is near the end.
    private const long Window = 90_000_000_000;

    private const int Hangup = 1;
    private const int User1 = 10;
    private const int User2 = 12;

    private readonly Dictionary<string, long> _asked = new(StringComparer.Ordinal);

    internal void Note(ContainerEvent happened)
    {
        switch (happened.Action)
        {
            // Programs are told by these to read their configuration anew, not to end.
            case "kill" when happened.Signal is not (Hangup or User1 or User2):
            case "stop":
                _asked[happened.Id] = happened.UnixNanoseconds;
                break;
            // A restart is told as kill, die, stop, start, restart: what dies after the start was not asked to.
            case "start" or "destroy":
                _asked.Remove(happened.Id);
                break;
        }
    }

    internal bool WasAsked(ContainerEvent death) => _asked.TryGetValue(death.Id, out var at) && death.UnixNanoseconds - at <= Window;
}
