using System.Globalization;

namespace Homelab.Automation.Correlation;

/// <summary>All that was seen, put together for each thing: what counts is the newest, and of what was seen at one moment our own look.</summary>
internal sealed class SightingBoard
{
    private readonly Dictionary<string, Sighted> _seen = new(StringComparer.Ordinal);

    internal SightingBoard(IEnumerable<Sighting> sightings)
    {
        foreach (var sighting in sightings)
        {
            var before = _seen.GetValueOrDefault(sighting.Service) ?? new Sighted(null, null, 0);
            _seen[sighting.Service] = new Sighted(
                sighting.State != SightedState.Unknown && Outweighs(sighting, before.Known) ? sighting : before.Known,
                sighting.State != SightedState.Up && Outweighs(sighting, before.Failing) ? sighting : before.Failing,
                before.Times + 1);
        }
    }

    internal Sighted Of(string name) => _seen.GetValueOrDefault(name) ?? new Sighted(null, null, 0);

    private static bool Outweighs(Sighting one, Sighting? other) =>
        other is null || (one.By == SightedBy.Healing, one.At, one.By, one.State).CompareTo((other.By == SightedBy.Healing, other.At, other.By, other.State)) > 0;
}

/// <summary>What was seen of one thing.</summary>
/// <param name="Known">What tells how it is; null when nothing does.</param>
/// <param name="Failing">The newest that was not well, which says how it fails; null when none was.</param>
/// <param name="Times">How often it was seen.</param>
internal sealed record Sighted(Sighting? Known, Sighting? Failing, int Times)
{
    internal SightedState State => Known?.State ?? SightedState.Unknown;

    /// <summary>How it fails, in the words of whoever saw it; empty when nobody did.</summary>
    internal string Text => Failing?.Detail ?? "";

    /// <inheritdoc/>
    public override string ToString() =>
        Known is { } known ? $"{Word(known.State)} {By(known)} at {Time(known)}{Detail(known)}"
        : Failing is { } failing ? $"unknown {By(failing)} at {Time(failing)}{Detail(failing)}"
        : "nobody saw it";

    private static string Word(SightedState state) => state switch { SightedState.Up => "up", SightedState.Down => "down", _ => "unknown" };

    private static string By(Sighting sighting) => sighting.By switch { SightedBy.Alert => "by alert", SightedBy.Healing => "being healed", _ => "by our own look" };

    private static string Time(Sighting sighting) => sighting.At.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Detail(Sighting sighting) => sighting.Detail.Length == 0 ? "" : $": {sighting.Detail}";
}
