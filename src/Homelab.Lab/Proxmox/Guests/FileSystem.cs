namespace Homelab.Lab.Proxmox;

/// <summary>What <c>mkfs.ext4</c> tells about a new file system.</summary>
internal static class FileSystem
{
    private const long Block = 4096;
    private const long BlocksInGroup = 32768;
    private const long BytesForInode = 16384;
    private const long InodesInBlock = 16;

    /// <summary>Writes it into the log of a task.</summary>
    internal static void Tell(SimulatedTask task, long size)
    {
        var blocks = size / Block;
        var groups = Math.Max(1, Up(blocks, BlocksInGroup));
        // Each group has as many, and they fill whole blocks.
        var inodes = Up(Up(size / BytesForInode, groups), InodesInBlock) * InodesInBlock * groups;
        task.Write($"Creating filesystem with {blocks} 4k blocks and {inodes} inodes");
        task.Write($"Filesystem UUID: {Guid.NewGuid()}");
        task.Write("Superblock backups stored on blocks: ");
        task.Write("\t" + string.Join(", ", Backups(groups).Select(static g => g * BlocksInGroup)));
    }

    // The groups that are a power of 3, 5 or 7 keep a copy of the superblock.
    private static IEnumerable<long> Backups(long groups) => new long[] { 3, 5, 7 }.SelectMany(b => Powers(b, groups)).Append(1).Where(g => g < groups).Distinct().Order();

    private static IEnumerable<long> Powers(long of, long below)
    {
        for (var power = of; power < below; power *= of) yield return power;
    }

    private static long Up(long value, long by) => (value + by - 1) / by;
}
