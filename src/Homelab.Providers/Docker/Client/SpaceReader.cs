namespace Homelab.Providers.Docker;

/// <summary>Adds up what an engine counts, as <c>docker system df</c> prints it.</summary>
internal static class SpaceReader
{
    internal static IEnumerable<DockerSpace> Read(DiskUsageWire wire, string host)
    {
        yield return Images(wire, host);
        yield return Containers(wire, host);
        yield return Volumes(wire, host);
        yield return Caches(wire, host);
    }

    /// <summary>What images and caches take together.</summary>
    internal static long OfImages(DiskUsageWire wire) => wire.LayersSize + Kept(wire.BuildCache).Where(static c => !c.Shared).Sum(static c => Known(c.Size));

    private static DockerSpace Images(DiskUsageWire wire, string host)
    {
        var all = Kept(wire.Images);
        var used = all.Where(static i => i.Containers != 0).ToArray();
        // What a used image shares with others is not counted for it: the CLI says so, and is too hopeful where all that share are used.
        var held = used.Sum(static i => Known(i.Size) - Known(i.SharedSize));
        return Make(host, DockerSpaceKind.Images, all.Length, used.Length, wire.LayersSize, wire.LayersSize - held);
    }

    private static DockerSpace Containers(DiskUsageWire wire, string host)
    {
        var all = Kept(wire.Containers);
        var used = all.Where(static c => c.State is "running" or "paused" or "restarting").ToArray();
        var size = all.Sum(static c => Known(c.SizeRw));
        return Make(host, DockerSpaceKind.Containers, all.Length, used.Length, size, size - used.Sum(static c => Known(c.SizeRw)));
    }

    private static DockerSpace Volumes(DiskUsageWire wire, string host)
    {
        var all = Kept(wire.Volumes);
        var used = all.Where(static v => v.UsageData is not { RefCount: 0 }).ToArray();
        var size = all.Sum(static v => Known(v.UsageData?.Size ?? 0));
        return Make(host, DockerSpaceKind.Volumes, all.Length, used.Length, size, size - used.Sum(static v => Known(v.UsageData?.Size ?? 0)));
    }

    private static DockerSpace Caches(DiskUsageWire wire, string host)
    {
        var all = Kept(wire.BuildCache);
        var own = all.Where(static c => !c.Shared).ToArray();
        return Make(host, DockerSpaceKind.BuildCache, all.Length, all.Count(static c => c.InUse), own.Sum(static c => Known(c.Size)), own.Where(static c => !c.InUse).Sum(static c => Known(c.Size)));
    }

    private static DockerSpace Make(string host, DockerSpaceKind kind, int count, int inUse, long size, long reclaimable) =>
        new() { Host = host, Kind = kind, Count = count, InUse = inUse, Size = Known(size), Reclaimable = Math.Clamp(reclaimable, 0, Known(size)) };

    private static T[] Kept<T>(T?[]? list)
        where T : class => [.. (list ?? []).OfType<T>()];

    private static long Known(long size) => Math.Max(0, size);
}
