namespace Homelab.Automation.Healing;

/// <summary>What keeps healing from acting for now.</summary>
/// <param name="Why">For people, one line; the same as long as it is the same hold.</param>
/// <param name="Until">When to ask again.</param>
internal sealed record Hold(string Why, DateTimeOffset Until);
