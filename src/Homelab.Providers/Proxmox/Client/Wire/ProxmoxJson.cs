using System.Text.Json.Serialization;

namespace Homelab.Providers.Proxmox;

/// <summary>Generated readers, tolerant as the API is loose: numbers and texts stand for one another, booleans are 0 and 1 or texts of them, any key may be absent.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    Converters = [typeof(LooseBoolean), typeof(LooseInteger), typeof(LooseText)])]
[JsonSerializable(typeof(ResourceWire[]))]
[JsonSerializable(typeof(VmStatusWire))]
[JsonSerializable(typeof(TaskStatusWire))]
[JsonSerializable(typeof(TaskStatusWire[]))]
[JsonSerializable(typeof(TaskLogWire[]))]
[JsonSerializable(typeof(PendingWire[]))]
[JsonSerializable(typeof(MetricWire[]))]
[JsonSerializable(typeof(InterfaceWire[]))]
[JsonSerializable(typeof(AgentPingWire))]
[JsonSerializable(typeof(AgentInterfacesWire))]
[JsonSerializable(typeof(AgentExecWire))]
[JsonSerializable(typeof(AgentExecStatusWire))]
[JsonSerializable(typeof(ClusterEntryWire[]))]
[JsonSerializable(typeof(DiskWire[]))]
[JsonSerializable(typeof(FirewallOptionsWire))]
[JsonSerializable(typeof(FirewallRuleWire[]))]
[JsonSerializable(typeof(HaResourceWire[]))]
[JsonSerializable(typeof(HaRuleWire[]))]
[JsonSerializable(typeof(HaStatusWire[]))]
[JsonSerializable(typeof(NodeStatusWire))]
[JsonSerializable(typeof(NodeWire[]))]
[JsonSerializable(typeof(PoolWire[]))]
[JsonSerializable(typeof(TokenWire))]
[JsonSerializable(typeof(UpdateWire[]))]
[JsonSerializable(typeof(VersionWire))]
[JsonSerializable(typeof(VolumeWire[]))]
[JsonSerializable(typeof(ZfsDetailWire))]
[JsonSerializable(typeof(ZfsWire[]))]
[JsonSerializable(typeof(Dictionary<string, Dictionary<string, bool>>))]
[JsonSerializable(typeof(SnapshotWire[]))]
[JsonSerializable(typeof(FeatureWire))]
[JsonSerializable(typeof(BackupWire[]))]
[JsonSerializable(typeof(BackupStorageWire[]))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(VmConfigHead))]
[JsonSerializable(typeof(MigrationWire))]
internal sealed partial class ProxmoxJson : JsonSerializerContext;
