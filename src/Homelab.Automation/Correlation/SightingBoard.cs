using System.Globalization;

namespace Homelab.Automation.Correlation;

/// <summary>What is known of each thing.</summary>
internal interface ISightings
{
    /// <summary>What was seen of one thing.</summary>
    Sighted Of(string name);
}

/// <summary>All that was seen, put together for each thing: what counts is the newest, and of what was seen at one moment our own look.</summary>
internal sealed class SightingBoard : ISightings
{
    private readonly Dictionary<string, Sighted> _seen = new(StringComparer.Ordinal);

    internal SightingBoard(IEnumerable<Sighting> sightings)
    {
        foreach (var sighting in sightings) _seen[sighting.Service] = Of(sighting.Service).And(sighting);
    }

    public Sighted Of(string name) => _seen.GetValueOrDefault(name) ?? Sighted.Nothing;
}

/// <summary>What was seen of one thing.</summary>
/// <param name="Known">What tells how it is; null when nothing does.</param>
/// <param name="Failing">The newest that was not well, which says how it fails; null when none was.</param>
/// <param name="Times">How often it was seen.</param>
internal sealed record Sighted(Sighting? Known, Sighting? Failing, int Times)
{
    /// <summary>Nobody saw it.</summary>
    internal static Sighted Nothing { get; } = new(null, null, 0);

    internal SightedState State => Known?.State ?? SightedState.Unknown;

    /// <summary>How it fails, in the words of whoever saw it; empty when nobody did.</summary>
    internal string Text => Failing?.Detail ?? "";

    /// <summary>With one sighting more.</summary>
    internal Sighted And(Sighting sighting) => new(
        sighting.State != SightedState.Unknown && Outweighs(sighting, Known) ? sighting : Known,
        sighting.State != SightedState.Up && Outweighs(sighting, Failing) ? sighting : Failing,
        Times + 1);

    /// <inheritdoc/>
    public override string ToString() =>
        Known is { } known ? $"{Word(known.State)} {By(known)} at {Time(known)}{Detail(known)}"
        : Failing is { } failing ? $"unknown {By(failing)} at {Time(failing)}{Detail(failing)}"
        : "nobody saw it";

    private static bool Outweighs(Sighting one, Sighting? other) =>
        other is null || (one.By == SightedBy.Healing, one.At, one.By, one.State).CompareTo((other.By == SightedBy.Healing, other.At, other.By, other.State)) > 0;

    private static string Word(SightedState state) => state switch { SightedState.Up => "up", SightedState.Down => "down", _ => "unknown" };

    private static string By(Sighting sighting) => sighting.By switch { SightedBy.Alert => "by alert", SightedBy.Healing => "being healed", _ => "by our own look" };

    private static string Time(Sighting sighting) => sighting.At.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Detail(Sighting sighting) => sighting.Detail.Length == 0 ? "" : $": {sighting.Detail}";
}
