namespace Homelab;

/// <summary>Where a command would run, and by which face it is asked for.</summary>
/// <param name="Target">The host, guest or container, canonical, with its other names.</param>
/// <param name="Face">The way the call came in.</param>
public sealed record CommandPlace(Target Target, Face Face)
{
    /// <summary>The tags of the host or guest.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}
