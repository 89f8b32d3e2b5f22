namespace Homelab.Lab.Proxmox;

/// <summary>A snapshot of a guest.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What was said of it.</param>
/// <param name="Taken">When, in seconds since 1970.</param>
/// <param name="Parent">The one before it.</param>
/// <param name="Memory">True when it has the memory too.</param>
public sealed record SimulatedSnapshot(string Name, string Description, long Taken, string? Parent, bool Memory)
{
    /// <summary>The guest's configuration then.</summary>
    public IReadOnlyDictionary<string, string> Config { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
