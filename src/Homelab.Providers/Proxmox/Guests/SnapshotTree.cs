namespace Homelab.Providers.Proxmox;

/// <summary>The snapshots of a guest, each after the one that it was made after.</summary>
internal static class SnapshotTree
{
    // The API's name for where the guest is now.
    internal const string Current = "current";

    /// <summary>Reads them.</summary>
    /// <remarks><c>GET /nodes/{node}/{qemu|lxc}/{vmid}/snapshot</c>. Needs VM.Audit.</remarks>
    internal static async Task<IReadOnlyList<VmSnapshot>> ReadAsync(ProxmoxWire wire, VmRef vm, VmPlace place, CancellationToken cancellationToken) =>
        Grow(vm, await wire.GetAsync($"/nodes/{place.Node}/{place.Word}/{place.Id}/snapshot", ProxmoxJson.Default.SnapshotWireArray, cancellationToken).ConfigureAwait(false));

    /// <summary>Finds one by its name.</summary>
    /// <exception cref="HomelabException"><c>SnapshotNotFound</c> (NotFound), with the nearest name.</exception>
    internal static VmSnapshot Find(IReadOnlyList<VmSnapshot> snapshots, VmRef vm, string name) =>
        snapshots.FirstOrDefault(s => s.Name == name) ?? throw NotFound(snapshots, vm, name);

    /// <summary>Which snapshot it is, and how its guest is: one that was removed and made anew under its name is another.</summary>
    internal static string World(VmDetail vm, VmSnapshot snapshot) => $"{VmTarget.World(vm)}; snapshot {snapshot.Name} of {snapshot.CreatedAt:u}";

    internal static HomelabException NotFound(IReadOnlyList<VmSnapshot> snapshots, VmRef vm, string name) =>
        new(ErrorKind.NotFound, "SnapshotNotFound", $"Guest {vm} has no snapshot '{name}'. {NearestName.Hint(name, [.. snapshots.Select(static s => s.Name)])}", name) { NothingHappened = true };

    /// <summary>From the API's list, whose order is random, to a tree: parents before children, older before newer.</summary>
    internal static List<VmSnapshot> Grow(VmRef vm, IReadOnlyList<SnapshotWire> wires)
    {
        var here = wires.FirstOrDefault(static w => w.Name == Current)?.Parent;
        var read = wires.Where(static w => w.Name is { Length: > 0 } and not Current).DistinctBy(static w => w.Name, StringComparer.Ordinal).ToArray();
        var known = read.Select(static w => w.Name!).ToHashSet(StringComparer.Ordinal);
        var children = read.OrderBy(static w => w.SnapTime ?? 0).ThenBy(static w => w.Name, StringComparer.Ordinal).ToLookup(w => w.Parent is { } parent && known.Contains(parent) ? parent : "", StringComparer.Ordinal);
        var grown = new List<VmSnapshot>(read.Length);
        Add("", 0);
        // Of parents that go round in a circle none is first; they are listed all the same.
        grown.AddRange(read.Where(w => grown.TrueForAll(s => s.Name != w.Name)).Select(w => Read(vm, w, 0, here)));
        return grown;

        void Add(string parent, int depth)
        {
            foreach (var wire in children[parent])
            {
                grown.Add(Read(vm, wire, depth, here));
                Add(wire.Name!, depth + 1);
            }
        }
    }

    private static VmSnapshot Read(VmRef vm, SnapshotWire wire, int depth, string? here) => new()
    {
        Vm = vm,
        Name = wire.Name!,
        Description = (wire.Description ?? "").TrimEnd(),
        Parent = string.IsNullOrEmpty(wire.Parent) ? null : wire.Parent,
        Depth = depth,
        CreatedAt = wire.SnapTime is { } made ? DateTimeOffset.FromUnixTimeSeconds(made) : null,
        WithMemory = wire.VmState ?? false,
        IsParentOfCurrent = wire.Name == here,
    };
}
