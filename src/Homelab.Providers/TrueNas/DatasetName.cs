namespace Homelab.Providers.TrueNas;

/// <summary>Names of datasets and snapshots, as ZFS allows them.</summary>
/// <remarks>https://openzfs.github.io/openzfs-docs/man/master/8/zfs.8.html; truenas/middleware: <c>plugins/zfs_/validation_utils.py</c>.</remarks>
internal static class DatasetName
{
    /// <summary>A pool, which begins with a letter, and what is below it.</summary>
    internal const string Form = "^[A-Za-z][A-Za-z0-9_.:-]*(/[A-Za-z0-9_.:-][A-Za-z0-9_.: -]*)*$";

    /// <summary>What stands behind the <c>@</c>.</summary>
    internal const string SnapshotForm = "^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,126}$";

    /// <summary>ZFS allows no more for the whole of it, a snapshot's name with its dataset's.</summary>
    internal const int Longest = 255;

    internal static Target TargetOf(string dataset) => new("dataset", dataset);
}
