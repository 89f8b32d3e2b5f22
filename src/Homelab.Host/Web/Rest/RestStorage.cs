namespace Homelab.Host.Web.Rest;

/// <summary>A storage as the old clients expect it. A shared one is listed once.</summary>
internal sealed record RestStorage
{
    public required string Storage { get; init; }

    /// <summary>A node that reaches it.</summary>
    public required string Node { get; init; }

    public required string Type { get; init; }

    public required IReadOnlyList<string> Content { get; init; }

    public required bool Shared { get; init; }

    /// <summary>Whether it can be used; null where nobody can tell.</summary>
    public required bool? Active { get; init; }

    /// <summary>Bytes, as the next two.</summary>
    public required long Used { get; init; }

    public required long Total { get; init; }

    public required long Available { get; init; }

    /// <summary>The part that is in use: 0 to 1.</summary>
    public required double Fraction { get; init; }

    /// <summary>True when its node does not answer.</summary>
    public required bool Stale { get; init; }

    internal static RestStorage Of(ProxmoxStorage storage) => new()
    {
        Storage = storage.Name,
        Node = storage.Node,
        Type = storage.Type,
        Content = storage.Content,
        Shared = storage.Shared,
        Active = storage.State == StorageState.Unknown ? null : storage.State == StorageState.Available,
        Used = storage.Used,
        Total = storage.Size,
        Available = Math.Max(0, storage.Size - storage.Used),
        Fraction = Math.Round(storage.UsedFraction, 4),
        Stale = storage.State == StorageState.Unknown,
    };

    /// <summary>The same when nobody answers any more.</summary>
    internal RestStorage Aged() => this with { Active = null, Stale = true };
}
