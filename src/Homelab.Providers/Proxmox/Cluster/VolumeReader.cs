namespace Homelab.Providers.Proxmox;

/// <summary>Volumes of storages, from what the API says to what we know.</summary>
internal static class VolumeReader
{
    /// <summary>An entry of a storage's content, which has a volume id.</summary>
    internal static StorageVolume Read(string storage, string node, VolumeWire wire) => new()
    {
        Volume = wire.VolId!,
        Storage = storage,
        Node = node,
        Content = ContentOf(wire.Content),
        Format = wire.Format ?? "",
        Size = wire.Size ?? 0,
        Used = wire.Used,
        VmId = (int?)wire.VmId,
        CreatedAt = wire.CreatedAt is { } created and > 0 ? DateTimeOffset.FromUnixTimeSeconds(created) : null,
        Notes = wire.Notes ?? "",
        Protected = wire.Protected ?? false,
        Parent = string.IsNullOrEmpty(wire.Parent) ? null : wire.Parent,
        Verification = string.IsNullOrEmpty(wire.Verification?.State) ? null : wire.Verification.State,
        Encrypted = wire.Encrypted is not (null or "" or "0"),
    };

    private static VolumeContent ContentOf(string? content) => content switch
    {
        "images" => VolumeContent.Images,
        "rootdir" => VolumeContent.Rootdir,
        "iso" => VolumeContent.Iso,
        "vztmpl" => VolumeContent.Vztmpl,
        "backup" => VolumeContent.Backup,
        "snippets" => VolumeContent.Snippets,
        "import" => VolumeContent.Import,
        _ => VolumeContent.Unknown,
    };
}
