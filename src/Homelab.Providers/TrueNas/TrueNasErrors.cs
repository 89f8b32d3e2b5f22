namespace Homelab.Providers.TrueNas;

/// <summary>What is said of snapshots and of what is not configured, alike wherever it is noticed.</summary>
internal static class TrueNasErrors
{
    private const string Set = "Give providers: truenas: url, user and apiKey, or the variables TRUENAS_HOST and TRUENAS_API_KEY.";

    internal static TrueNasClient Need(TrueNasClient? client) =>
        client ?? throw new HomelabException(ErrorKind.Invalid, "TrueNasNotConfigured", $"The lab file names no TrueNAS. {Set}", TrueNasNames.Provider) { WayOut = Set };

    internal static HomelabException Exists(string snapshot)
    {
        const string WayOut = "Give another name.";
        return new HomelabException(ErrorKind.Conflict, "DatasetSnapshotExists", $"TrueNAS has {snapshot} already. {WayOut}", snapshot) { WayOut = WayOut, NothingHappened = true };
    }

    internal static HomelabException NoDataset(string name, IReadOnlyList<Dataset> all)
    {
        var wayOut = $"{NearestName.Hint(name, [.. all.Select(static d => d.Name)])} Get-HlDataset lists them.";
        return new HomelabException(ErrorKind.NotFound, "DatasetNotFound", $"TrueNAS has no dataset '{ForeignText.Clean(name, 120)}'. {wayOut}", name) { WayOut = wayOut, NothingHappened = true };
    }

    internal static HomelabException NotSeen(string snapshot, IReadOnlyList<string> missing)
    {
        const string WayOut = "Look at it there: Datasets, Manage Snapshots.";
        var what = missing is [var one] && one == snapshot ? $"{snapshot} is not listed" : $"these are not listed: {string.Join(", ", missing.Take(5))}{(missing.Count > 5 ? ", …" : "")}";
        return new HomelabException(ErrorKind.Failed, "DatasetSnapshotNotSeen", $"TrueNAS said that it made the snapshot, and {what}. {WayOut}", snapshot) { WayOut = WayOut };
    }
}
