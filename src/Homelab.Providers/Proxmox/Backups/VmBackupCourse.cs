using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>Makes one backup of one guest, and finds it on its storage afterwards. What else is there is left alone: no older one is pruned.</summary>
internal sealed class VmBackupCourse(ProxmoxCluster cluster, OperationContext context)
{
    private readonly BackupShelf _shelf = new(cluster.Wire);

    /// <summary>Asks for it and follows it to its end.</summary>
    /// <param name="place">The guest.</param>
    /// <param name="storage">Where to.</param>
    /// <param name="form">How, besides guest and storage.</param>
    /// <param name="course">How it is followed.</param>
    /// <param name="cancellationToken">Ends the following; the task goes on.</param>
    /// <exception cref="HomelabException"><c>BackupNotSeen</c> (Failed): the task ended well, and no new backup is on the storage.</exception>
    internal async Task<VmBackup> MakeAsync(VmPlace place, string storage, ProxmoxForm form, TaskCourse course, CancellationToken cancellationToken)
    {
        var before = (await _shelf.ReadAsync(place.Node, storage, place.Id, cancellationToken).ConfigureAwait(false)).Select(static b => b.VolumeId).ToHashSet(StringComparer.Ordinal);
        form.Add("vmid", place.Id);
        form.Add("storage", storage);
        // The storage's own rule would remove older ones otherwise.
        form.Add("remove", value: false);
        var task = await new TaskedChange(cluster, context).FollowAsync(HttpMethod.Post, $"/nodes/{place.Node}/vzdump", form, course, cancellationToken).ConfigureAwait(false);
        if (course.NoWait) return new VmBackup { VolumeId = "", Storage = storage, Node = place.Node, VmId = place.Id, Kind = place.Kind, Task = task };
        var after = await _shelf.ReadAsync(place.Node, storage, place.Id, cancellationToken).ConfigureAwait(false);
        return after.FirstOrDefault(b => !before.Contains(b.VolumeId)) is { } made ? made with { Task = task } : throw NotSeen(place, storage);
    }

    /// <summary>When the newest backup of a guest on a storage was made, in seconds; empty where there is none. A mark to settle by.</summary>
    internal async Task<string> NewestAsync(VmPlace place, string storage, CancellationToken cancellationToken) =>
        await _shelf.ReadAsync(place.Node, storage, place.Id, cancellationToken).ConfigureAwait(false) is [{ CreatedAt: { } made }, ..] ? made.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) : "";

    private static HomelabException NotSeen(VmPlace place, string storage) => new(
        ErrorKind.Failed,
        "BackupNotSeen",
        string.Create(CultureInfo.InvariantCulture, $"The task that backed guest {place.Id} up to '{storage}' ended well, and no new backup is listed there. Look at Get-HlTask -Vm {place.Id}, and whether the token has VM.Backup on the guest."),
        storage);
}
