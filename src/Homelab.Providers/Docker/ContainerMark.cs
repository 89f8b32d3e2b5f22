using System.Globalization;

namespace Homelab.Providers.Docker;

/// <summary>What a container was like before a change: its id, its state and when it was started. Written down with the change, so that a read can tell later whether it happened.</summary>
internal sealed record ContainerMark(string Id, ContainerState State, DateTimeOffset StartedAt)
{
    internal static ContainerMark Of(ContainerDetail container) => new(container.Id, container.State, container.StartedAt);

    /// <summary>Null when the text is no mark.</summary>
    internal static ContainerMark? Read(string? text) =>
        text?.Split(' ') is [var id, var state, var ticks]
        && Enum.TryParse<ContainerState>(state, out var known)
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && count <= DateTimeOffset.MaxValue.Ticks
            ? new ContainerMark(id, known, new DateTimeOffset(count, TimeSpan.Zero))
            : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id} {State} {StartedAt.UtcTicks}");
}
