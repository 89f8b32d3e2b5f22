namespace Homelab;

/// <summary>A monitor that is paused, or alerts that are silenced, while something is healed. Written down before it is made, so that it is undone whatever happens to whoever made it.</summary>
public sealed record Hush
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>What is hushed.</summary>
    public required HushKind Kind { get; init; }

    /// <summary>The service that is healed.</summary>
    public required string Service { get; init; }

    /// <summary>The monitor's name, or the condition that silenced alerts meet.</summary>
    public required string Subject { get; init; }

    /// <summary>On whose behalf it is made and undone, with the incident and the run.</summary>
    public required Caller Caller { get; init; }

    /// <summary>When it was written down.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is undone whatever its maker does.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>How far it is.</summary>
    public HushStatus Status { get; init; }

    /// <summary>The silence's id, once it is known.</summary>
    public string? Reference { get; init; }

    /// <summary>How often undoing it has failed.</summary>
    public int Failures { get; init; }

    /// <summary>Why undoing it failed last, or why it was never made.</summary>
    public string? Error { get; init; }

    /// <summary>The process that looks after it; see <see cref="ILeaseStore"/>.</summary>
    public required string Owner { get; init; }

    /// <summary>True until nothing is left to undo.</summary>
    public bool IsOpen => Status is HushStatus.Intended or HushStatus.Made;

    /// <inheritdoc/>
    public override string ToString() => Kind == HushKind.Monitor ? $"monitor '{Subject}'" : $"alerts with {Subject}";
}

/// <summary>What is hushed.</summary>
public enum HushKind
{
    /// <summary>A monitor of Uptime Kuma is paused.</summary>
    Monitor,

    /// <summary>Alerts of Alertmanager are silenced.</summary>
    Silence,
}

/// <summary>How far a hush is.</summary>
public enum HushStatus
{
    /// <summary>It is about to be made; after a crash nobody knows whether it was.</summary>
    Intended,

    /// <summary>It is made, and to be undone.</summary>
    Made,

    /// <summary>It is undone.</summary>
    Undone,

    /// <summary>It was never made, or it was so before: there is nothing to undo.</summary>
    Dropped,
}
