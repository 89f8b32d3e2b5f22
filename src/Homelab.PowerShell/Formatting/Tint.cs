namespace Homelab.PowerShell.Formatting;

/// <summary>
/// Colours of states. PowerShell takes the sequences out again where they do not belong: in files, in pipes, under <c>NO_COLOR</c> and with
/// <c>$PSStyle.OutputRendering = 'PlainText'</c>.
/// </summary>
internal static class Tint
{
    private const string Reset = "\e[0m";

    internal static string Good(string text) => "\e[32m" + text + Reset;

    internal static string Warn(string text) => "\e[33m" + text + Reset;

    internal static string Bad(string text) => "\e[31m" + text + Reset;

    internal static string Quiet(string text) => "\e[90m" + text + Reset;

    /// <summary>A text in the colour of a state. Unknown is as bad as failed; a state that means neither good nor bad has no colour.</summary>
    internal static string Of(object state, string text) => state switch
    {
        ContainerState.Running or ContainerHealth.Healthy or ProbeStatus.Up or MonitorStatus.Up => Good(text),
        IncidentStatus.Recovered or RunStatus.Recovered or StepStatus.Succeeded or ApprovalStatus.Approved or Requirement.Auto => Good(text),
        RunStatus.Done or CheckStatus.Ok or StepForecast.Runs or VmState.Running or TaskState.Succeeded => Good(text),
        StorageState.Available or DiskHealth.Passed or ZfsHealth.Online or ZfsHealth.Avail or TokenStatus.Ok or CommandVerdict.Allow => Good(text),
        ZfsHealth.Degraded or ZfsHealth.Offline or TokenStatus.Warning or TokenStatus.Surplus or CommandVerdict.Approve => Warn(text),
        StorageState.Unavailable or StorageState.Unknown or DiskHealth.Failed or DiskHealth.Unknown or TokenStatus.Missing or CommandVerdict.Deny => Bad(text),
        FirewallHealth.Ok or NasPoolState.Online => Good(text),
        FirewallHealth.Warning or NasPoolState.Degraded or NasPoolState.Offline or NasAlertLevel.Warning => Warn(text),
        FirewallHealth.Error or FirewallHealth.Unknown or NasAlertLevel.Unknown or >= NasAlertLevel.Error => Bad(text),
        NasPoolState.Unknown or NasPoolState.Faulted or NasPoolState.Unavail or NasPoolState.Removed or NasPoolState.Suspended => Bad(text),
        KeyState.Valid => Good(text),
        KeyState.Expired or KeyState.Revoked => Quiet(text),
        PortState.Open or NetdataStatus.Clear => Good(text),
        NetdataStatus.Warning or PrometheusAlertState.Pending => Warn(text),
        NetdataStatus.Critical or NetdataStatus.Unknown or PrometheusAlertState.Firing => Bad(text),
        PortState.Refused or PortState.Filtered or PortState.Unreachable or PortState.Unknown => Bad(text),
        ZfsHealth.Faulted or ZfsHealth.Removed or ZfsHealth.Unavail or ZfsHealth.Suspended or ZfsHealth.Unknown => Bad(text),
        UnitState.Active or MountState.Mounted or MountState.Answers => Good(text),
        UnitState.Activating or UnitState.Deactivating or UnitState.Reloading or UnitState.Refreshing or UnitState.Maintenance or JournalPriority.Warning => Warn(text),
        UnitState.Failed or UnitState.Unknown or MountState.Stale or MountState.Unknown => Bad(text),
        JournalPriority.Emergency or JournalPriority.Alert or JournalPriority.Critical or JournalPriority.Error => Bad(text),
        UnitState.Inactive or JournalPriority.Debug => Quiet(text),
        ContainerState.Paused or ContainerState.Restarting or ContainerState.Removing or ContainerHealth.Starting => Warn(text),
        MonitorStatus.Pending or MonitorStatus.Maintenance or ApprovalStatus.Pending or Requirement.Ask or Requirement.AskTwice => Warn(text),
        IncidentStatus.Waiting or IncidentStatus.Healing or IncidentStatus.Verifying or IncidentStatus.Following or IncidentStatus.AwaitingApproval => Warn(text),
        RunStatus.Running or RunStatus.Verifying or RunStatus.Waiting or StepStatus.Waiting or StepStatus.RolledBack or AuditKind.Asked => Warn(text),
        CheckStatus.Warning or StepForecast.Asks or StepForecast.Depends or VmState.Paused or TaskState.Running or TaskState.Warned => Warn(text),
        ContainerState.Unknown or ContainerState.Exited or ContainerState.Dead or ContainerHealth.Unknown or ContainerHealth.Unhealthy => Bad(text),
        ProbeStatus.Unknown or ProbeStatus.Down or MonitorStatus.Unknown or MonitorStatus.Down => Bad(text),
        IncidentStatus.Escalated or RunStatus.Failed or StepStatus.Failed or Requirement.Deny or AuditKind.Denied => Bad(text),
        ApprovalStatus.Denied or ApprovalStatus.Expired or ApprovalStatus.Void or LogSource.Error => Bad(text),
        RunStatus.Declined or CheckStatus.Failed or StepForecast.Fails or VmState.Unknown or TaskState.Failed or TaskState.Unknown => Bad(text),
        ContainerHealth.None or StepStatus.Skipped or ApprovalStatus.Used or CheckStatus.Skipped or StepForecast.Skipped or VmState.Stopped => Quiet(text),
        McpServerState.Online or McpVerdict.Ok => Good(text),
        McpServerState.Offline or McpServerState.Refused or McpServerState.Unknown or McpVerdict.Failed or McpVerdict.Unknown => Bad(text),
        _ => text,
    };
}
