namespace Homelab.Automation.Healing;

/// <summary>What the lab wants kept quiet while a service is healed.</summary>
internal sealed class QuietRule(LabDefinition lab)
{
    private readonly CouplingPolicy _policy = lab.Policy.Coupling;

    /// <summary>How long at the most.</summary>
    internal TimeSpan For => _policy.For;

    /// <summary>What is hushed for a service: its monitor, alerts that bear its name, both or nothing.</summary>
    internal IReadOnlyList<(HushKind Kind, string Subject)> Of(string service)
    {
        if (!lab.Services.TryGetValue(service, out var definition)) return [];
        var monitor = definition.Quiet is { } own ? own is ServiceQuiet.Monitor or ServiceQuiet.Both : _policy.Monitors ?? CanQuiet("kuma");
        var silence = definition.Quiet is { } also ? also is ServiceQuiet.Silence or ServiceQuiet.Both : _policy.Silences ?? CanQuiet("alertmanager");
        var wanted = new List<(HushKind, string)>(2);
        if (monitor) wanted.Add((HushKind.Monitor, definition.Monitor ?? service));
        if (silence) wanted.Add((HushKind.Silence, $"{_policy.Label}=\"{service}\""));
        return wanted;
    }

    private bool CanQuiet(string provider) => lab.Providers.TryGetValue(provider, out var settings) && settings is ICanQuiet { CanQuiet: true };
}
