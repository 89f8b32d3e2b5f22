namespace Homelab;

/// <summary>A record that a name server answered.</summary>
public sealed record DnsAnswer
{
    /// <summary>Whose it is.</summary>
    public required string Name { get; init; }

    /// <summary>Its type, or its number as <c>TYPE65</c>.</summary>
    public required string Type { get; init; }

    /// <summary>For how long it may be kept.</summary>
    public required TimeSpan TimeToLive { get; init; }

    /// <summary>Its data as a zone file writes it.</summary>
    public required string Data { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Name} {TimeToLive.TotalSeconds:0} {Type} {Data}");
}
