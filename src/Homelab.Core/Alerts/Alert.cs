using System.Collections.ObjectModel;

namespace Homelab;

/// <summary>An alert in our own words, whoever sent it.</summary>
public sealed record Alert
{
    /// <summary>Whose alert it is: <c>kuma</c>.</summary>
    public required string Source { get; init; }

    /// <summary>What it says.</summary>
    public required AlertStatus Status { get; init; }

    /// <summary>What it is about, in the source's words: the monitor's name. Null for notices that name nothing.</summary>
    public string? Subject { get; init; }

    /// <summary>The subject's id in the source, where it has one.</summary>
    public string? SubjectId { get; init; }

    /// <summary>The address that is watched, where the source tells.</summary>
    public string? Address { get; init; }

    /// <summary>The source's sentence, cleaned of control characters and shortened. Foreign text: never trusted, never executed.</summary>
    public string Message { get; init; } = "";

    /// <summary>When it happened, by the source's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>True when the source repeats itself: the state did not change.</summary>
    public bool IsRepeat { get; init; }

    /// <summary>Days until a certificate expires, for <see cref="AlertStatus.Certificate"/>.</summary>
    public int? DaysLeft { get; init; }

    /// <summary>What runs short, for <see cref="AlertStatus.Pressure"/>: <c>memory</c>, <c>disk</c>, <c>cpu</c>, or the source's own word.</summary>
    public string? Resource { get; init; }

    /// <summary>How much of it is used, in percent, where the source tells.</summary>
    public double? Value { get; init; }

    /// <summary>How grave the source takes it to be, in the source's words: <c>critical</c>, <c>warning</c>.</summary>
    public string? Severity { get; init; }

    /// <summary>The machine it is about, in the source's words: a name, or an address without its port.</summary>
    public string? Host { get; init; }

    /// <summary>Whatever else the source attached, by name. Foreign text: never trusted, never executed.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The same event always has the same fingerprint: what was accepted once is not acted on again when it is sent again.</summary>
    public required string Fingerprint { get; init; }
}

/// <summary>What an alert says.</summary>
public enum AlertStatus
{
    /// <summary>It fails.</summary>
    Down,

    /// <summary>It works again.</summary>
    Up,

    /// <summary>It fails, but not yet often enough.</summary>
    Pending,

    /// <summary>It is in a planned maintenance.</summary>
    Maintenance,

    /// <summary>A certificate expires soon.</summary>
    Certificate,

    /// <summary>It works, but something runs short: memory, disk, processor.</summary>
    Pressure,

    /// <summary>Somebody pressed the test button.</summary>
    Test,
}
