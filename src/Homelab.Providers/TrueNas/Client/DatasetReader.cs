using System.Text.Json;

namespace Homelab.Providers.TrueNas;

/// <summary>Reads what <c>pool.dataset.query</c> and <c>pool.snapshot.query</c> list.</summary>
/// <remarks>truenas/middleware: <c>api/v25_10_0/pool_dataset.py</c>, <c>api/v25_10_0/pool_snapshot.py</c>.</remarks>
internal static class DatasetReader
{
    private const int LongestName = 256;
    private const int LongestText = 1_000;

    internal static Dataset Dataset(JsonElement json) => Fill(json, new Dataset { Name = "", Pool = "", Kind = DatasetKind.Unknown });

    internal static DatasetDetail Detail(JsonElement json, IReadOnlyList<string> children) => ((DatasetDetail)Fill(json, new DatasetDetail { Name = "", Pool = "", Kind = DatasetKind.Unknown })) with
    {
        UsedByDataset = NasJson.Bytes(json, "usedbydataset"),
        UsedBySnapshots = NasJson.Bytes(json, "usedbysnapshots"),
        UsedByChildren = NasJson.Bytes(json, "usedbychildren"),
        RefQuota = NasJson.Limit(json, "refquota"),
        Reservation = NasJson.Limit(json, "reservation"),
        VolumeSize = NasJson.Limit(json, "volsize"),
        Compression = NasJson.Word(json, "compression", 40),
        CompressRatio = NasJson.Word(json, "compressratio", 40),
        RecordSize = NasJson.Word(json, "recordsize", 40),
        EncryptionRoot = NasJson.Text(json, "encryption_root", LongestName),
        Comments = NasJson.Word(json, "comments", LongestText),
        Created = NasJson.PropertyMoment(json, "creation"),
        Children = children.Count,
        ChildNames = children,
    };

    internal static DatasetSnapshot Snapshot(JsonElement json)
    {
        var id = NasJson.Text(json, "id", 2 * LongestName) is { Length: > 0 } given ? given : NasJson.Text(json, "name", 2 * LongestName);
        var at = id.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0 || at == id.Length - 1) throw new FormatException("a snapshot without a name");
        var properties = json.TryGetProperty("properties", out var p) ? p : default;
        return new DatasetSnapshot
        {
            Dataset = id[..at],
            Name = id[(at + 1)..],
            Created = NasJson.PropertyMoment(properties, "creation"),
            Used = NasJson.Bytes(properties, "used"),
            Referenced = NasJson.Bytes(properties, "referenced"),
        };
    }

    // The kind of record that it is given is the kind that it gives back.
    private static Dataset Fill(JsonElement json, Dataset into)
    {
        // What is called its name is in some releases without its pool; its id never is.
        var name = NasJson.Text(json, "id", LongestName);
        if (name.Length == 0) throw new FormatException("a dataset without a name");
        var encrypted = NasJson.Flag(json, "encrypted");
        return into with
        {
            Name = name,
            Pool = NasJson.Text(json, "pool", LongestName) is { Length: > 0 } pool ? pool : name.Split('/')[0],
            Kind = NasJson.Text(json, "type", 40) switch
            {
                "FILESYSTEM" => DatasetKind.Filesystem,
                "VOLUME" => DatasetKind.Volume,
                _ => DatasetKind.Unknown,
            },
            Used = NasJson.Bytes(json, "used"),
            Available = NasJson.Bytes(json, "available"),
            Quota = NasJson.Limit(json, "quota"),
            Encrypted = encrypted,
            Locked = NasJson.Flag(json, "locked") || (encrypted && json.TryGetProperty("key_loaded", out var loaded) && loaded.ValueKind == JsonValueKind.False),
            ReadOnly = string.Equals(NasJson.Word(json, "readonly", 10), "ON", StringComparison.OrdinalIgnoreCase),
            Mountpoint = NasJson.Text(json, "mountpoint", LongestText) is { Length: > 0 } mount && mount is not ("none" or "legacy") ? mount : "",
        };
    }
}
