using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>
/// Where a change is to show, and what was there before: written down with the change, so that a read can tell later whether it happened. Also how a VMID
/// that was chosen while preparing comes to the change itself: an approval is for the input, which must be the same when it is asked for again.
/// </summary>
/// <param name="Place">The guest, or the one that is to be.</param>
/// <param name="Note">What was there before; no blanks. Empty when there is nothing to know.</param>
internal sealed record PlaceMark(VmPlace Place, string Note = "")
{
    /// <summary>Null when the text is no mark.</summary>
    internal static PlaceMark? Read(string? text) =>
        text?.Split(' ') is [var node, var kind, var id, var note]
        && Enum.TryParse<VmKind>(kind, out var knownKind)
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var vmid)
            ? new PlaceMark(new VmPlace(node, knownKind, vmid), note)
            : null;

    /// <summary>The mark of a change that is under way.</summary>
    internal static PlaceMark Of(OperationContext context) => Read(context.Mark) ?? throw new InvalidOperationException("A change began without the mark of its preparation.");

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Place.Node} {Place.Kind} {Place.Id} {Note}");
}
