namespace Homelab.Providers.Prometheus;

/// <summary>Tells from an alert's labels what it is about. <c>docs/alerts.md</c> has these tables.</summary>
internal static class LabelReading
{
    // The first that is there names the subject. cAdvisor's name of a container is 'name'; node_exporter's of a unit is so too.
    private static readonly string[] s_subjects = ["service", "name", "container", "container_name", "container_label_com_docker_compose_service", "vm", "guest"];

    private static readonly string[] s_hosts = ["host", "hostname", "nodename", "node", "instance"];

    // Jobs that watch a machine, not a service of their own: what they say is about the machine.
    private static readonly string[] s_machines = ["node", "nodes", "node-exporter", "node_exporter", "nodeexporter", "windows", "windows-exporter", "windows_exporter", "integrations/node_exporter", "netdata"];

    // Jobs that watch what runs on a machine: without a container's name it is the machine that runs short, but that they are silent says nothing about it.
    private static readonly string[] s_watchers = ["cadvisor", "docker"];

    // What is told for the sake of telling, such as the Watchdog that always fires.
    private static readonly string[] s_idle = ["none", "info"];

    internal static Alert Read(LabelledAlert said)
    {
        var labels = said.Labels;
        var name = labels.GetValueOrDefault("alertname", "");
        var resource = Given(labels, "resource") ?? AlertWords.Resource(name);
        var instance = Given(labels, "instance");
        var host = s_hosts.Select(l => Given(labels, l)).FirstOrDefault(static h => h is not null) is { } found ? HostOf(found) : null;
        var severity = Given(labels, "severity");
        return new Alert
        {
            Source = said.Source,
            Status = StatusOf(said.Fires, severity, name, resource),
            Subject = SubjectOf(labels, resource, host),
            SubjectId = Guest(labels),
            Address = instance?.Contains("://", StringComparison.Ordinal) is true ? WithoutUser(instance) : null,
            Message = AlertJson.Message(Given(said.Annotations, "summary") ?? Given(said.Annotations, "description") ?? Given(said.Annotations, "message") ?? name),
            At = said.At,
            Resource = resource?.ToLowerInvariant(),
            Value = AlertJson.LeadingNumber(Given(said.Annotations, "value") ?? Given(labels, "value")),
            Severity = severity,
            Host = host,
            Labels = Attached(said),
            Fingerprint = said.Fingerprint,
        };
    }

    /// <summary>The machine of an instance: <c>dev:9100</c>, <c>[::1]:9100</c>, <c>https://git.lan/</c>.</summary>
    internal static string HostOf(string instance)
    {
        if (instance.Contains("://", StringComparison.Ordinal)) return Uri.TryCreate(instance, UriKind.Absolute, out var url) ? url.Host.Trim('[', ']') : instance;
        if (instance.StartsWith('[') && instance.IndexOf(']', StringComparison.Ordinal) is > 0 and var end) return instance[1..end];
        var colon = instance.LastIndexOf(':');
        // More than one colon without brackets: an IPv6 address that has no port.
        return colon > 0 && instance.IndexOf(':', StringComparison.Ordinal) == colon ? instance[..colon] : instance;
    }

    private static AlertStatus StatusOf(bool fires, string? severity, string name, string? resource)
    {
        if (!fires) return AlertStatus.Up;
        if (severity is not null && s_idle.Contains(severity, StringComparer.OrdinalIgnoreCase)) return AlertStatus.Pending;
        if (resource is not null) return AlertStatus.Pressure;
        return AlertWords.IsCertificate(name) ? AlertStatus.Certificate : AlertStatus.Down;
    }

    private static string? SubjectOf(IReadOnlyDictionary<string, string> labels, string? resource, string? host)
    {
        if (s_subjects.Select(l => Given(labels, l)).FirstOrDefault(static s => s is not null) is { } subject) return subject.TrimStart('/');
        if (Given(labels, "job") is not { } job) return host;
        var isMachine = s_machines.Contains(job, StringComparer.OrdinalIgnoreCase) || (resource is not null && s_watchers.Contains(job, StringComparer.OrdinalIgnoreCase));
        return isMachine && host is not null ? host : job;
    }

    // The exporter for Proxmox names guests so: id="qemu/100".
    private static string? Guest(IReadOnlyDictionary<string, string> labels)
    {
        if (Given(labels, "vmid") is { } number) return $"vm/{number}";
        return Given(labels, "id") is { } id && (id.StartsWith("qemu/", StringComparison.Ordinal) || id.StartsWith("lxc/", StringComparison.Ordinal)) ? id : null;
    }

    private static SortedDictionary<string, string> Attached(LabelledAlert said)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in said.Labels.Concat(said.Annotations).Concat(said.More)) all.TryAdd(key, value);
        return all;
    }

    private static string? Given(IReadOnlyDictionary<string, string> texts, string name) => texts.TryGetValue(name, out var text) && text.Length > 0 ? text : null;

    private static string WithoutUser(string address) => Uri.TryCreate(address, UriKind.Absolute, out var url) ? url.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.UserInfo, UriFormat.UriEscaped) : ForeignText.Clean(address, 300);
}

/// <summary>An alert as Prometheus knows it, whichever way it came.</summary>
/// <param name="Source">The way.</param>
/// <param name="Fires">False when it is resolved.</param>
/// <param name="Labels">What identifies it.</param>
/// <param name="Annotations">What its rule says about it.</param>
/// <param name="At">When it began, or was resolved.</param>
/// <param name="Fingerprint">The same for the same event.</param>
internal sealed record LabelledAlert(string Source, bool Fires, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations, DateTimeOffset At, string Fingerprint)
{
    internal IReadOnlyDictionary<string, string> More { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;
}
