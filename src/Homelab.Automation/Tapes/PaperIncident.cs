namespace Homelab.Automation.Tapes;

/// <summary>An incident of a tape, while it is played.</summary>
internal sealed class PaperIncident(string service, ServiceDefinition definition, TapeEntry line)
{
    internal string Service => service;

    internal ServiceDefinition Definition => definition;

    internal TapeEntry Line => line;

    internal int Alerts { get; set; } = 1;

    /// <summary>When something is next decided about it; null while it waits for its root.</summary>
    internal DateTimeOffset? Due { get; set; }

    internal Runbook? First { get; init; }

    internal Runbook? Runbook { get; set; }

    internal HashSet<string> Tried { get; } = new(StringComparer.Ordinal);

    internal int OwnAttempts { get; set; }

    internal int Attempts { get; set; }

    internal DateTimeOffset? ActedAt { get; set; }

    /// <summary>What is being done, one line.</summary>
    internal string Doing { get; set; } = "";

    internal bool IsAsking { get; set; }

    /// <summary>When it may act: its tier's time, or that of what is more urgent and needs it.</summary>
    internal required DateTimeOffset ActsAt { get; set; }

    /// <summary>Where it comes from, the nearest first.</summary>
    internal IReadOnlyList<string> Roots { get; set; } = [];

    /// <summary>The incidents of its roots that have not ended yet.</summary>
    internal List<PaperIncident> WaitsFor { get; } = [];

    /// <summary>How often it was found that it comes from something else.</summary>
    internal int Rounds { get; set; }

    /// <summary>When a person was told of a machine for which there is no runbook; it stays open until it is back.</summary>
    internal DateTimeOffset? ToldAt { get; set; }

    /// <summary>What comes from it, each service once.</summary>
    internal OrderedDictionary<string, PaperIncident> Members { get; } = new(StringComparer.Ordinal);

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
        WaitsFor.Clear();
        Forecast = new HealingForecast
        {
            Service = service,
            OpenedAt = line.At,
            Status = line.Alert.Status,
            Source = line.Alert.Source,
            Message = line.Alert.Message,
            Alerts = Alerts,
            Runbook = First?.Name,
            Roots = Roots,
            Members = [.. Members.Keys],
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
