using System.Globalization;
using System.Text.Json.Nodes;

namespace Homelab.Lab.TrueNas;

/// <summary>Values as TrueNAS writes them.</summary>
/// <remarks>truenas/middleware: <c>api/v25_10_0/pool.py</c>, <c>pool_dataset.py</c>, <c>pool_snapshot.py</c>, <c>alert.py</c>, <c>plugins/system/info.py</c>; truenas/api_client: <c>ejson.py</c>.</remarks>
internal static class NasBodies
{
    internal static JsonObject Date(DateTimeOffset moment) => new() { ["$date"] = moment.ToUnixTimeMilliseconds() };

    internal static JsonObject Info(string version, DateTimeOffset now) => new()
    {
        ["version"] = version, ["buildtime"] = Date(now.AddDays(-90)), ["hostname"] = "nas", ["physmem"] = 68_719_476_736L, ["model"] = "Intel(R) Xeon(R) CPU E3-1230 v6 @ 3.50GHz", ["cores"] = 8, ["physical_cores"] = 4,
        ["loadavg"] = new JsonArray(0.42, 0.31, 0.25), ["uptime"] = "12 days, 3:04:05.678901", ["uptime_seconds"] = 1_047_845.678901, ["system_serial"] = null, ["system_product"] = "TRUENAS-MINI-3.0-X", ["system_product_version"] = null,
        ["license"] = null, ["boottime"] = Date(now.AddDays(-12)), ["datetime"] = Date(now), ["birthday"] = null, ["timezone"] = "Europe/Berlin", ["system_manufacturer"] = "iXsystems", ["ecc_memory"] = true,
    };

    internal static JsonObject Pool(int id, SimulatedPool pool, DateTimeOffset now) => new()
    {
        ["id"] = id, ["name"] = pool.Name, ["guid"] = "1234567890123456789", ["path"] = $"/mnt/{pool.Name}", ["status"] = pool.Status, ["healthy"] = pool.Status == "ONLINE", ["warning"] = pool.Status != "ONLINE", ["status_code"] = pool.Status == "ONLINE" ? "OK" : "FAILING_DEV",
        ["status_detail"] = pool.Detail, ["size"] = pool.Size, ["allocated"] = pool.Allocated, ["free"] = pool.Size - pool.Allocated, ["freeing"] = 0, ["fragmentation"] = "12", ["is_upgraded"] = true,
        ["size_str"] = pool.Size.ToString(CultureInfo.InvariantCulture), ["autotrim"] = Property("off", "off", "off"), ["expand"] = null,
        ["scan"] = new JsonObject { ["function"] = "SCRUB", ["state"] = "FINISHED", ["start_time"] = Date(now.AddDays(-3)), ["end_time"] = Date(now.AddDays(-3).AddHours(5)), ["percentage"] = 99.99, ["bytes_to_process"] = 1, ["bytes_processed"] = 1, ["bytes_issued"] = 1, ["pause"] = null, ["errors"] = 0, ["total_secs_left"] = null },
        ["topology"] = new JsonObject { ["data"] = new JsonArray(), ["log"] = new JsonArray(), ["cache"] = new JsonArray(), ["spare"] = new JsonArray(), ["special"] = new JsonArray(), ["dedup"] = new JsonArray() },
    };

    internal static JsonObject Dataset(SimulatedDataset dataset, IEnumerable<JsonObject> children, DateTimeOffset now) => new()
    {
        ["id"] = dataset.Name, ["type"] = dataset.VolumeSize is null ? "FILESYSTEM" : "VOLUME", ["name"] = dataset.Name, ["pool"] = dataset.Name.Split('/')[0],
        ["encrypted"] = dataset.Encrypted, ["encryption_root"] = dataset.Encrypted ? dataset.Name : null, ["key_loaded"] = dataset.Encrypted ? !dataset.Locked : null, ["locked"] = dataset.Encrypted && dataset.Locked,
        ["children"] = new JsonArray([.. children]), ["user_properties"] = new JsonObject(), ["mountpoint"] = dataset.VolumeSize is null ? $"/mnt/{dataset.Name}" : null,
        ["comments"] = dataset.Comments is { } comments ? Property(comments, comments, comments) : Property(null, "", ""),
        ["quota"] = dataset.Quota is { } quota ? Bytes(quota) : Property(null, "0", null), ["refquota"] = Property(null, "0", null), ["reservation"] = Property(null, "0", null), ["readonly"] = Property("OFF", "off", false),
        ["compression"] = Property("LZ4", "lz4", "lz4"), ["compressratio"] = Property("1.42x", "1.42", "1.42"), ["recordsize"] = Property("128K", "131072", 131_072),
        ["used"] = Bytes(dataset.Used), ["available"] = Bytes(dataset.Available), ["usedbydataset"] = Bytes(dataset.Used / 2), ["usedbysnapshots"] = Bytes(dataset.Used / 4), ["usedbychildren"] = Bytes(dataset.Used / 4),
        ["volsize"] = dataset.VolumeSize is { } size ? Bytes(size) : null, ["creation"] = Property("Mon Jan  6 10:00 2025", "1736157600", Date(now)),
    };

    internal static JsonObject Snapshot(SimulatedDatasetSnapshot snapshot) => new()
    {
        ["id"] = snapshot.Id, ["pool"] = snapshot.Dataset.Split('/')[0], ["name"] = snapshot.Id, ["type"] = "SNAPSHOT", ["snapshot_name"] = snapshot.Name, ["dataset"] = snapshot.Dataset, ["createtxg"] = snapshot.Transaction.ToString(CultureInfo.InvariantCulture),
        ["properties"] = new JsonObject
        {
            ["creation"] = Property(snapshot.At.ToString("ddd MMM d H:mm yyyy", CultureInfo.InvariantCulture), snapshot.At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), Date(snapshot.At)),
            ["used"] = Bytes(0),
            ["referenced"] = Bytes(4096),
        },
    };

    internal static JsonObject Alert(SimulatedAlert alert, DateTimeOffset now) => new()
    {
        ["uuid"] = alert.Id, ["source"] = "", ["klass"] = alert.Class, ["args"] = null, ["node"] = "Controller A", ["key"] = "null", ["datetime"] = Date(now.AddHours(-2)), ["last_occurrence"] = Date(now.AddMinutes(-5)), ["dismissed"] = alert.Dismissed,
        ["mail"] = null, ["text"] = alert.Text, ["id"] = alert.Id, ["level"] = alert.Level, ["formatted"] = alert.Text, ["one_shot"] = false,
    };

    private static JsonObject Bytes(long bytes) => Property(ByteSize.Format(bytes).Replace("iB", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal), bytes.ToString(CultureInfo.InvariantCulture), bytes);

    private static JsonObject Property(string? value, string raw, JsonNode? parsed) => new() { ["parsed"] = parsed, ["rawvalue"] = raw, ["value"] = value, ["source"] = "LOCAL", ["source_info"] = null };
}
