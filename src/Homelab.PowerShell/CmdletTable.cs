using System.Management.Automation;
using Homelab.Automation.Healing;
using Homelab.Automation.House;
using Homelab.Automation.Notifications;
using Homelab.Composition.Access;
using Homelab.Composition.Procedures;
using Homelab.Providers.Cloudflare;
using Homelab.Providers.Alertmanager;
using Homelab.Providers.Docker;
using Homelab.Providers.Mcp;
using Homelab.Providers.Netdata;
using Homelab.Providers.Network;
using Homelab.Providers.OpnSense;
using Homelab.Providers.Prometheus;
using Homelab.Providers.Proxmox;
using Homelab.Providers.Ssh;
using Homelab.Providers.Scripts;
using Homelab.Providers.Tailscale;
using Homelab.Providers.TrueNas;
using Homelab.Providers.UptimeKuma;

namespace Homelab.PowerShell;

// One line makes one cmdlet. Its operation says what it does; the names are those of docs/catalog.md.
#pragma warning disable MA0048, CS1591

// Docker
[CmdletFor<ListContainers>(VerbsCommon.Get, "HlContainer")] public sealed partial class GetHlContainerCommand;
[CmdletFor<InspectContainer>(VerbsCommon.Get, "HlContainerDetail")] public sealed partial class GetHlContainerDetailCommand;
[CmdletFor<ReadContainerLog>(VerbsCommon.Get, "HlContainerLog")] public sealed partial class GetHlContainerLogCommand;
[CmdletFor<MeasureContainer>(VerbsCommon.Get, "HlContainerUsage")] public sealed partial class GetHlContainerUsageCommand;
[CmdletFor<CheckContainer>(VerbsDiagnostic.Test, "HlContainer")] public sealed partial class TestHlContainerCommand;
[CmdletFor<MeasureSpace>(VerbsCommon.Get, "HlDockerSpace")] public sealed partial class GetHlDockerSpaceCommand;
[CmdletFor<ListNetworks>(VerbsCommon.Get, "HlNetwork")] public sealed partial class GetHlNetworkCommand;
[CmdletFor<ReadStackFile>(VerbsCommon.Get, "HlStackFile")] public sealed partial class GetHlStackFileCommand;
[CmdletFor<ListVolumes>(VerbsCommon.Get, "HlVolume")] public sealed partial class GetHlVolumeCommand;
[CmdletFor<WriteStackFile>(VerbsCommon.Set, "HlStackFile")] public sealed partial class SetHlStackFileCommand;
[CmdletFor<ComposeUp>(VerbsLifecycle.Start, "HlStack")] public sealed partial class StartHlStackCommand;
[CmdletFor<ComposeDown>(VerbsLifecycle.Stop, "HlStack")] public sealed partial class StopHlStackCommand;
[CmdletFor<WatchContainers>(VerbsCommon.Watch, "HlContainer")] public sealed partial class WatchHlContainerCommand;
[CmdletFor<StartContainer>(VerbsLifecycle.Start, "HlContainer")] public sealed partial class StartHlContainerCommand;
[CmdletFor<StopContainer>(VerbsLifecycle.Stop, "HlContainer")] public sealed partial class StopHlContainerCommand;
[CmdletFor<RestartContainer>(VerbsLifecycle.Restart, "HlContainer")] public sealed partial class RestartHlContainerCommand;
[CmdletFor<ResetContainer>(VerbsCommon.Reset, "HlContainer")] public sealed partial class ResetHlContainerCommand;
[CmdletFor<SetContainerLimits>(VerbsCommon.Set, "HlContainer")] public sealed partial class SetHlContainerCommand;
[CmdletFor<ClearContainerLog>(VerbsCommon.Clear, "HlContainerLog")] public sealed partial class ClearHlContainerLogCommand;
[CmdletFor<ClearImages>(VerbsCommon.Clear, "HlImage")] public sealed partial class ClearHlImageCommand;
[CmdletFor<RunInContainer>(VerbsLifecycle.Invoke, "HlContainerCommand")] public sealed partial class InvokeHlContainerCommandCommand;

// Commands
[CmdletFor<RunCommand>(VerbsLifecycle.Invoke, "HlCommand")] public sealed partial class InvokeHlCommandCommand;
[CmdletFor<ExplainCommand>(VerbsDiagnostic.Test, "HlCommand")] public sealed partial class TestHlCommandCommand;

// Hosts
[CmdletFor<ReadSystem>(VerbsCommon.Get, "HlHost")] public sealed partial class GetHlHostCommand;
[CmdletFor<MeasureDisks>(VerbsCommon.Get, "HlHostDisk")] public sealed partial class GetHlHostDiskCommand;
[CmdletFor<MeasureMemory>(VerbsCommon.Get, "HlHostMemory")] public sealed partial class GetHlHostMemoryCommand;
[CmdletFor<ListProcesses>(VerbsCommon.Get, "HlHostProcess")] public sealed partial class GetHlHostProcessCommand;
[CmdletFor<ListMounts>(VerbsCommon.Get, "HlHostMount")] public sealed partial class GetHlHostMountCommand;
[CmdletFor<ListUpdates>(VerbsCommon.Get, "HlHostUpdate")] public sealed partial class GetHlHostUpdateCommand;
[CmdletFor<ReadJournal>(VerbsCommon.Get, "HlJournal")] public sealed partial class GetHlJournalCommand;
[CmdletFor<RestartUnit>(VerbsLifecycle.Restart, "HlUnit")] public sealed partial class RestartHlUnitCommand;
[CmdletFor<RebootHost>(VerbsLifecycle.Restart, "HlHost")] public sealed partial class RestartHlHostCommand;

// Network
[CmdletFor<PingHosts>(VerbsDiagnostic.Test, "HlHost")] public sealed partial class TestHlHostCommand;
[CmdletFor<MapNetwork>(VerbsCommon.Get, "HlNetworkMap")] public sealed partial class GetHlNetworkMapCommand;
[CmdletFor<TestDns>(VerbsDiagnostic.Test, "HlDns")] public sealed partial class TestHlDnsCommand;
[CmdletFor<CheckPort>(VerbsDiagnostic.Test, "HlPort")] public sealed partial class TestHlPortCommand;
[CmdletFor<CheckServices>(VerbsDiagnostic.Test, "HlService")] public sealed partial class TestHlServiceCommand;
[CmdletFor<CheckCertificate>(VerbsDiagnostic.Test, "HlCertificate")] public sealed partial class TestHlCertificateCommand;

// Proxmox
[CmdletFor<ListVms>(VerbsCommon.Get, "HlVm")] public sealed partial class GetHlVmCommand;
[CmdletFor<ReadVmStatus>(VerbsCommon.Get, "HlVmStatus")] public sealed partial class GetHlVmStatusCommand;
[CmdletFor<StartVm>(VerbsLifecycle.Start, "HlVm")] public sealed partial class StartHlVmCommand;
[CmdletFor<RebootVm>(VerbsLifecycle.Restart, "HlVm")] public sealed partial class RestartHlVmCommand;
[CmdletFor<WaitTask>(VerbsLifecycle.Wait, "HlTask")] public sealed partial class WaitHlTaskCommand;
[CmdletFor<StopTask>(VerbsLifecycle.Stop, "HlTask")] public sealed partial class StopHlTaskCommand;
[CmdletFor<ReadVmMetrics>(VerbsCommon.Get, "HlVmMetric")] public sealed partial class GetHlVmMetricCommand;
[CmdletFor<ReadVmConfig>(VerbsCommon.Get, "HlVmConfig")] public sealed partial class GetHlVmConfigCommand;
[CmdletFor<SetVm>(VerbsCommon.Set, "HlVm")] public sealed partial class SetHlVmCommand;
[CmdletFor<ResizeDisk>(VerbsCommon.Resize, "HlVmDisk")] public sealed partial class ResizeHlVmDiskCommand;
[CmdletFor<ResetVm>(VerbsCommon.Reset, "HlVm")] public sealed partial class ResetHlVmCommand;
[CmdletFor<SuspendVm>(VerbsLifecycle.Suspend, "HlVm")] public sealed partial class SuspendHlVmCommand;
[CmdletFor<ResumeVm>(VerbsLifecycle.Resume, "HlVm")] public sealed partial class ResumeHlVmCommand;
[CmdletFor<PingGuest>(VerbsDiagnostic.Test, "HlGuestAgent")] public sealed partial class TestHlGuestAgentCommand;
[CmdletFor<ReadGuestNetwork>(VerbsCommon.Get, "HlGuestNetwork")] public sealed partial class GetHlGuestNetworkCommand;
[CmdletFor<RunInGuest>(VerbsLifecycle.Invoke, "HlVmCommand")] public sealed partial class InvokeHlVmCommandCommand;
[CmdletFor<ReadConsole>(VerbsCommon.Get, "HlVmConsole")] public sealed partial class GetHlVmConsoleCommand;
[CmdletFor<ReadClusterStatus>(VerbsCommon.Get, "HlCluster")] public sealed partial class GetHlClusterCommand;
[CmdletFor<ListNodes>(VerbsCommon.Get, "HlNode")] public sealed partial class GetHlNodeCommand;
[CmdletFor<ListStorage>(VerbsCommon.Get, "HlStorage")] public sealed partial class GetHlStorageCommand;
[CmdletFor<ListStorageContent>(VerbsCommon.Get, "HlStorageContent")] public sealed partial class GetHlStorageContentCommand;
[CmdletFor<ListDisks>(VerbsCommon.Get, "HlDisk")] public sealed partial class GetHlDiskCommand;
[CmdletFor<ListZfs>(VerbsCommon.Get, "HlZfsPool")] public sealed partial class GetHlZfsPoolCommand;
[CmdletFor<ListPools>(VerbsCommon.Get, "HlPool")] public sealed partial class GetHlPoolCommand;
[CmdletFor<ReadHaStatus>(VerbsCommon.Get, "HlHaResource")] public sealed partial class GetHlHaResourceCommand;
[CmdletFor<ListNodeUpdates>(VerbsCommon.Get, "HlNodeUpdate")] public sealed partial class GetHlNodeUpdateCommand;
[CmdletFor<ListFirewallRules>(VerbsCommon.Get, "HlVmFirewallRule")] public sealed partial class GetHlVmFirewallRuleCommand;
[CmdletFor<SetFirewallRule>(VerbsCommon.Set, "HlVmFirewallRule")] public sealed partial class SetHlVmFirewallRuleCommand;
[CmdletFor<CheckToken>(VerbsDiagnostic.Test, "HlProxmoxToken")] public sealed partial class TestHlProxmoxTokenCommand;
[CmdletFor<WriteTokenScript>(VerbsCommon.New, "HlProxmoxTokenScript")] public sealed partial class NewHlProxmoxTokenScriptCommand;
[CmdletFor<ListSnapshots>(VerbsCommon.Get, "HlSnapshot")] public sealed partial class GetHlSnapshotCommand;
[CmdletFor<CreateSnapshot>(VerbsCommon.New, "HlSnapshot")] public sealed partial class NewHlSnapshotCommand;
[CmdletFor<RollbackSnapshot>(VerbsData.Restore, "HlSnapshot")] public sealed partial class RestoreHlSnapshotCommand;
[CmdletFor<DeleteSnapshot>(VerbsCommon.Remove, "HlSnapshot")] public sealed partial class RemoveHlSnapshotCommand;
[CmdletFor<ListBackups>(VerbsCommon.Get, "HlBackup")] public sealed partial class GetHlBackupCommand;
[CmdletFor<BackupVm>(VerbsData.Backup, "HlVm")] public sealed partial class BackupHlVmCommand;
[CmdletFor<CloneVm>(VerbsCommon.Copy, "HlVm")] public sealed partial class CopyHlVmCommand;
[CmdletFor<RestoreBackup>(VerbsData.Restore, "HlVm")] public sealed partial class RestoreHlVmCommand;
[CmdletFor<MigrateVm>(VerbsCommon.Move, "HlVm")] public sealed partial class MoveHlVmCommand;
[CmdletFor<CreateVm>(VerbsCommon.New, "HlVm")] public sealed partial class NewHlVmCommand;
[CmdletFor<DeleteVm>(VerbsCommon.Remove, "HlVm")] public sealed partial class RemoveHlVmCommand;

// Scripts
[CmdletFor<RunScript>(VerbsLifecycle.Invoke, "HlScript")] public sealed partial class InvokeHlScriptCommand;

// SSH keys
[CmdletFor<ListHostKeys>(VerbsCommon.Get, "HlHostKey")] public sealed partial class GetHlHostKeyCommand;
[CmdletFor<TrustHost>(VerbsLifecycle.Register, "HlHostKey")] public sealed partial class RegisterHlHostKeyCommand;
[CmdletFor<CreateKey>(VerbsCommon.New, "HlSshKey")] public sealed partial class NewHlSshKeyCommand;
[CmdletFor<InstallKey>(VerbsLifecycle.Install, "HlSshKey")] public sealed partial class InstallHlSshKeyCommand;

// Tailscale
[CmdletFor<ListPeers>(VerbsCommon.Get, "HlTailscalePeer")] public sealed partial class GetHlTailscalePeerCommand;

// Cloudflare
[CmdletFor<VerifyToken>(VerbsDiagnostic.Test, "HlCloudflareToken")] public sealed partial class TestHlCloudflareTokenCommand;

// Uptime Kuma
[CmdletFor<ListMonitors>(VerbsCommon.Get, "HlMonitor")] public sealed partial class GetHlMonitorCommand;
[CmdletFor<PauseMonitor>(VerbsLifecycle.Suspend, "HlMonitor")] public sealed partial class SuspendHlMonitorCommand;
[CmdletFor<ResumeMonitor>(VerbsLifecycle.Resume, "HlMonitor")] public sealed partial class ResumeHlMonitorCommand;
[CmdletFor<ReadMonitorBeats>(VerbsCommon.Get, "HlMonitorBeat")] public sealed partial class GetHlMonitorBeatCommand;
[CmdletFor<CreateMaintenance>(VerbsCommon.New, "HlMaintenance")] public sealed partial class NewHlMaintenanceCommand;
[CmdletFor<PublishIncident>(VerbsData.Publish, "HlStatusIncident")] public sealed partial class PublishHlStatusIncidentCommand;

// OPNsense
[CmdletFor<ReadFirewall>(VerbsCommon.Get, "HlFirewall")] public sealed partial class GetHlFirewallCommand;
[CmdletFor<ListFirewallServices>(VerbsCommon.Get, "HlFirewallService")] public sealed partial class GetHlFirewallServiceCommand;
[CmdletFor<RestartFirewallService>(VerbsLifecycle.Restart, "HlFirewallService")] public sealed partial class RestartHlFirewallServiceCommand;

// TrueNAS
[CmdletFor<ReadNas>(VerbsCommon.Get, "HlNas")] public sealed partial class GetHlNasCommand;
[CmdletFor<ListNasAlerts>(VerbsCommon.Get, "HlNasAlert")] public sealed partial class GetHlNasAlertCommand;
[CmdletFor<ListDatasetSnapshots>(VerbsCommon.Get, "HlDatasetSnapshot")] public sealed partial class GetHlDatasetSnapshotCommand;
[CmdletFor<CreateDatasetSnapshot>(VerbsCommon.New, "HlDatasetSnapshot")] public sealed partial class NewHlDatasetSnapshotCommand;

// Alertmanager
[CmdletFor<ListSilences>(VerbsCommon.Get, "HlSilence")] public sealed partial class GetHlSilenceCommand;
[CmdletFor<CreateSilence>(VerbsCommon.New, "HlSilence")] public sealed partial class NewHlSilenceCommand;
[CmdletFor<ExpireSilence>(VerbsCommon.Remove, "HlSilence")] public sealed partial class RemoveHlSilenceCommand;

// Prometheus
[CmdletFor<QueryMetrics>(VerbsCommon.Get, "HlMetric")] public sealed partial class GetHlMetricCommand;
[CmdletFor<ListAlerts>(VerbsCommon.Get, "HlAlert")] public sealed partial class GetHlAlertCommand;

// Netdata
[CmdletFor<ListAlarms>(VerbsCommon.Get, "HlNetdataAlarm")] public sealed partial class GetHlNetdataAlarmCommand;

// Healing
[CmdletFor<ReadHealing>(VerbsCommon.Get, "HlHealing")] public sealed partial class GetHlHealingCommand;
[CmdletFor<SuspendHealing>(VerbsLifecycle.Suspend, "HlHealing")] public sealed partial class SuspendHlHealingCommand;
[CmdletFor<ResumeHealing>(VerbsLifecycle.Resume, "HlHealing")] public sealed partial class ResumeHlHealingCommand;

// Approvals
[CmdletFor<AwaitApproval>(VerbsLifecycle.Wait, "HlApproval")] public sealed partial class WaitHlApprovalCommand;

// Telling people
[CmdletFor<SendNotification>(VerbsCommunications.Send, "HlNotification")] public sealed partial class SendHlNotificationCommand;

// How things are done
[CmdletFor<ReadProcedures>(VerbsCommon.Get, "HlProcedure")] public sealed partial class GetHlProcedureCommand;

// Who comes in over HTTP
[CmdletFor<CreateApiKey>(VerbsCommon.New, "HlApiKey")] public sealed partial class NewHlApiKeyCommand;
[CmdletFor<ListApiKeys>(VerbsCommon.Get, "HlApiKey")] public sealed partial class GetHlApiKeyCommand;
[CmdletFor<RevokeApiKey>(VerbsSecurity.Revoke, "HlApiKey")] public sealed partial class RevokeHlApiKeyCommand;
[CmdletFor<ListMcpClients>(VerbsCommon.Get, "HlMcpClient")] public sealed partial class GetHlMcpClientCommand;
[CmdletFor<RemoveMcpClient>(VerbsCommon.Remove, "HlMcpClient")] public sealed partial class RemoveHlMcpClientCommand;

// Other MCP servers
[CmdletFor<ListMcpServers>(VerbsCommon.Get, "HlMcpServer")] public sealed partial class GetHlMcpServerCommand;
[CmdletFor<CheckMcpServer>(VerbsDiagnostic.Test, "HlMcpServer")] public sealed partial class TestHlMcpServerCommand;
