namespace Homelab.Automation.Tapes;

/// <summary>An incident of a tape, while it is played.</summary>
internal sealed class PaperIncident(string service, ServiceDefinition definition, TapeLine line)
{
    internal string Service => service;

    internal ServiceDefinition Definition => definition;

    internal TapeLine Line => line;

    internal int Alerts { get; set; } = 1;

    /// <summary>When something is next decided about it; null while it waits for its root.</summary>
    internal DateTimeOffset? Due { get; set; }

    internal Runbook? First { get; init; }

    internal Runbook? Runbook { get; set; }

    internal HashSet<string> Tried { get; } = new(StringComparer.Ordinal);

    internal int OwnAttempts { get; set; }

    internal int Attempts { get; set; }

    internal DateTimeOffset? ActedAt { get; set; }

    internal bool IsAsking { get; set; }

    internal PaperIncident? Root { get; set; }

    internal List<PaperIncident> Members { get; } = [];

    internal List<ForecastStep> Steps { get; } = [];

    internal List<string> HeldBack { get; } = [];

    internal HealingForecast? Forecast { get; private set; }

    internal bool IsOpen => Forecast is null;

    internal void Hold(string why)
    {
        if (HeldBack is not [.., var last] || last != why) HeldBack.Add(why);
    }

    internal void Close(ForecastOutcome outcome, string why, DateTimeOffset at)
    {
        Due = null;
        Forecast = new HealingForecast
        {
            Service = service,
            OpenedAt = line.At,
            Status = line.Alert.Status,
            Source = line.Alert.Source,
            Message = line.Alert.Message,
            Alerts = Alerts,
            Runbook = First?.Name,
            Root = Root?.Service,
            Members = [.. Members.Select(static m => m.Service)],
            ActedAt = ActedAt,
            Attempts = Attempts,
            Steps = [.. Steps],
            HeldBack = [.. HeldBack],
            Outcome = outcome,
            Why = why,
            ClosedAt = at,
        };
    }

    /// <summary>As expressions see it.</summary>
    internal Incident AsIncident() => new()
    {
        Id = "",
        Service = service,
        Status = IncidentStatus.Waiting,
        Alert = "",
        Message = line.Alert.Message,
        Caller = Caller,
        OpenedAt = line.At,
        DueAt = line.At,
    };

    internal Caller Caller { get; } = new(Face.Webhook, line.Hook.Length > 0 ? line.Hook : line.Alert.Source);
}
