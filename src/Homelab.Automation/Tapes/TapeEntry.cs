namespace Homelab.Automation.Tapes;

/// <summary>An alert as it was taken in: one line of a tape.</summary>
public sealed record TapeEntry
{
    /// <summary>When it was taken in, by our clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The hook or feed by which it came.</summary>
    public required string Hook { get; init; }

    /// <summary>Whose alert it is.</summary>
    public required string Source { get; init; }

    /// <summary>What it says.</summary>
    public required Alert Alert { get; init; }

    /// <summary>The service it was about; null when none of the lab matched.</summary>
    public string? Service { get; init; }

    /// <summary>The incident it belonged to.</summary>
    public string? Incident { get; init; }

    /// <summary>True when it had been taken in before.</summary>
    public bool Duplicate { get; init; }

    /// <summary>The entry of an alert that the store has kept.</summary>
    public static TapeEntry Of(AlertRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new TapeEntry { At = record.ReceivedAt, Hook = record.Hook, Source = record.Alert.Source, Alert = record.Alert, Service = record.Service, Incident = record.Incident };
    }
}
