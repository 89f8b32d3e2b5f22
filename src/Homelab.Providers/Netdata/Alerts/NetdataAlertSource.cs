using System.Globalization;
using System.Text.Json;

namespace Homelab.Providers.Netdata;

/// <summary>Reads what the shipped sender (<c>deploy/netdata/health_alarm_notify.conf</c>) sends: one transition of one alarm, every value a text.</summary>
/// <remarks>Netdata: the variables that <c>alarm-notify.sh</c> hands to <c>custom_sender()</c>.</remarks>
public sealed class NetdataAlertSource : IAlertSource
{
    // What Netdata's cgroups plugin puts before the name of a container or guest, in the id of its charts.
    private const string Cgroup = "cgroup_";

    private static readonly AlertJson s_json = new(NetdataNames.Provider, NetdataNames.Product, "JSON as deploy/netdata/health_alarm_notify.conf sends it");

    private static readonly string[] s_attached = ["alarm", "chart", "family", "class", "units", "old_status", "duration", "recipients"];

    /// <inheritdoc/>
    public string Name => NetdataNames.Provider;

    /// <inheritdoc/>
    public IReadOnlyList<Alert> Read(AlertDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        using var json = s_json.Parse(delivery.Body);
        var body = json.RootElement;
        if (body.ValueKind != JsonValueKind.Object) throw s_json.Wrong("the body", body, "an object with host, alarm, chart and status");
        return [Read(body)];
    }

    private static Alert Read(JsonElement body)
    {
        var host = Named(body, "host");
        var alarm = Named(body, "alarm");
        var chart = Named(body, "chart");
        var status = s_json.Required(body, "status", "status");
        var at = Moment(body);
        var container = ContainerOf(chart);
        var resource = AlertWords.Resource(alarm) ?? ResourceOfChart(chart);
        var info = s_json.Text(body, "info", "info") ?? "";
        var value = s_json.Text(body, "value_string", "value_string") ?? "";
        return new Alert
        {
            Source = NetdataNames.Provider,
            // What 'alarm-notify.sh test' sends.
            Status = alarm == "test_alarm" && chart == "test.chart" ? AlertStatus.Test : StatusOf(status, resource),
            Subject = container ?? host,
            Message = AlertJson.Message($"{alarm} on {chart} is {status.ToLowerInvariant()}{(value.Length > 0 ? $": {value}" : "")}{(info.Length > 0 ? $" ({info})" : "")}"),
            At = at,
            Resource = resource,
            // Only what is a percentage says how much of it is used.
            Value = s_json.Text(body, "units", "units") is "%" or "percentage" ? AlertJson.LeadingNumber(s_json.Text(body, "value", "value")) : null,
            Severity = status.ToLowerInvariant(),
            Host = host,
            Labels = Attached(body),
            // An agent numbers the events of each alarm, and begins anew when its database is lost.
            Fingerprint = string.Create(CultureInfo.InvariantCulture, $"netdata:{host}:{s_json.Text(body, "unique_id", "unique_id") ?? AlertJson.Hash($"{chart}.{alarm}")}:{status}:{at.ToUnixTimeSeconds()}"),
        };
    }

    private static AlertStatus StatusOf(string status, string? resource) => status switch
    {
        "CRITICAL" => resource is null ? AlertStatus.Down : AlertStatus.Pressure,
        // A warning about something that does not run short: somebody may look, nobody must act.
        "WARNING" => resource is null ? AlertStatus.Pending : AlertStatus.Pressure,
        "CLEAR" => AlertStatus.Up,
        // The alarm is gone or cannot be calculated: that says nothing about what it watched.
        "REMOVED" or "UNDEFINED" or "UNINITIALIZED" => AlertStatus.Pending,
        _ => throw s_json.Unreadable($"status is \"{ForeignText.Clean(status, 40)}\"; expected CRITICAL, WARNING, CLEAR, REMOVED, UNDEFINED or UNINITIALIZED"),
    };

    // cgroup_gitea.mem_usage; and cgroup_qemu_dev.cpu for a guest of Proxmox.
    private static string? ContainerOf(string chart)
    {
        if (!chart.StartsWith(Cgroup, StringComparison.Ordinal)) return null;
        var end = chart.IndexOf('.', StringComparison.Ordinal);
        var name = chart[Cgroup.Length..(end < 0 ? chart.Length : end)];
        if (name.StartsWith("qemu_", StringComparison.Ordinal)) name = name["qemu_".Length..];
        return name.Length > 0 ? name : null;
    }

    private static string? ResourceOfChart(string chart)
    {
        if (chart.StartsWith("disk_space.", StringComparison.Ordinal) || chart.StartsWith("disk_inodes.", StringComparison.Ordinal)) return "disk";
        return chart is "system.ram" or "mem.available" or "system.swap" or "mem.swap" ? "memory" : chart is "system.cpu" or "system.load" ? "cpu" : null;
    }

    private static DateTimeOffset Moment(JsonElement body)
    {
        const string Expected = "seconds since 1970, such as \"1795219708\"";
        var text = s_json.Required(body, "when", "when");
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw s_json.Unreadable($"when is \"{ForeignText.Clean(text, 40)}\"; expected {Expected}");
    }

    private static string Named(JsonElement body, string field) => s_json.Name(s_json.Required(body, field, field), field) ?? throw s_json.Unreadable($"{field} is empty; expected a name");

    private static SortedDictionary<string, string> Attached(JsonElement body)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in s_attached)
        {
            if (s_json.Text(body, field, field) is { Length: > 0 } text) labels[field] = ForeignText.Clean(text, 300);
        }

        return labels;
    }
}
