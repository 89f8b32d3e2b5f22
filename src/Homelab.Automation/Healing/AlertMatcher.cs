using System.Text.RegularExpressions;
using Homelab.Automation.Correlation;

namespace Homelab.Automation.Healing;

/// <summary>
/// Finds the service that an alert is about: by its name or its monitor's, by what runs it, by the machine that it is. Only exact names count, and two that fit
/// are none: a guess could heal a wrong thing.
/// </summary>
internal sealed partial class AlertMatcher
{
    private readonly LabDefinition _lab;
    private readonly IReadOnlyDictionary<string, string> _bySubject;
    private readonly Dictionary<string, string> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly ILookup<string, string> _byWhatRuns;
    private readonly ILookup<string, string> _byGuest;

    /// <param name="lab">The lab.</param>
    /// <param name="bySubject">Services by their name, their monitor's, and that of their container with its host; machines that no service stands for by theirs.</param>
    internal AlertMatcher(LabDefinition lab, IReadOnlyDictionary<string, string> bySubject)
    {
        _lab = lab;
        _bySubject = bySubject;
        foreach (var name in lab.Hosts.Keys) _hosts.TryAdd(name, name);
        foreach (var address in lab.Hosts.Where(static h => h.Value.Address.Length > 0).GroupBy(static h => h.Value.Address, StringComparer.OrdinalIgnoreCase).Where(static g => g.Count() == 1))
        {
            _hosts.TryAdd(address.Key, address.First().Key);
        }

        _byWhatRuns = Named(static s => s.Container?.Name).Concat(Named(static s => s.Unit?.Name)).ToLookup(static n => n.What, static n => n.Service, StringComparer.OrdinalIgnoreCase);
        _byGuest = Named(static s => s.Vm?.Name).Concat(Named(static s => s.Vm?.Id?.ToString(System.Globalization.CultureInfo.InvariantCulture))).ToLookup(static n => n.What, static n => n.Service, StringComparer.OrdinalIgnoreCase);
    }

    internal AlertMatch Match(Alert alert)
    {
        var subject = alert.Subject?.Trim() is { Length: > 0 } given ? given : null;
        var host = alert.Host?.Trim() is { Length: > 0 } said && _hosts.TryGetValue(said, out var known) ? known : null;
        if (subject is not null && host is not null && _bySubject.TryGetValue($"{subject}@{host}", out var placed)) return AlertMatch.Of(placed);
        if (subject is not null && _bySubject.TryGetValue(subject, out var named))
        {
            // The same name on another machine is another thing.
            return host is null || !_lab.Services.TryGetValue(named, out var service) || service.Machine is not { } machine || machine == host
                ? AlertMatch.Of(named)
                : AlertMatch.None($"service '{named}' runs on {machine}, and it is about {host}");
        }

        if (subject is not null && _byWhatRuns.Contains(subject)) return One([.. _byWhatRuns[subject].Where(s => host is null || _lab.Services[s].Machine is null || _lab.Services[s].Machine == host)], $"'{subject}'");
        var guest = alert.SubjectId is { } id && GuestId().Match(id) is { Success: true } match ? match.Groups["id"].Value : null;
        foreach (var name in (string?[])[guest, subject])
        {
            if (name is not null && _byGuest.Contains(name)) return One([.. _byGuest[name]], $"guest '{name}'");
        }

        return Machine(alert, subject, host);
    }

    // An alert is about a machine when it names nothing else: what runs there and is not in the lab file is no reason to heal the machine.
    private AlertMatch Machine(Alert alert, string? subject, string? host)
    {
        if (subject is not null && _hosts.TryGetValue(subject, out var itself)) host = itself;
        else if (subject is not null && !string.Equals(subject, alert.Host?.Trim(), StringComparison.OrdinalIgnoreCase)) return AlertMatch.None($"no service of the lab has the name, monitor, container, unit or guest '{subject}'");
        if (host is null) return AlertMatch.None(subject is null && alert.Host is null ? "it names nothing" : $"'{alert.Host ?? subject}' is no service and no host of the lab");
        string[] standing = [.. _lab.Services.Where(s => s.Value.Provides == ServiceRole.Host && s.Value.Machine == host).Select(static s => s.Key)];
        // That a machine is down explains what runs there, also where nothing is said of it; what it lacks is healed only where a service stands for it.
        if (standing.Length == 0 && alert.Status is AlertStatus.Down or AlertStatus.Up && _bySubject.TryGetValue(ServiceGraph.ImplicitHost(host), out var implicitly)) return AlertMatch.Of(implicitly);
        return One(standing, $"host '{host}'");
    }

    private AlertMatch One(string[] found, string what)
    {
        if (found is [var only]) return AlertMatch.Of(only);
        if (found.Where(s => _lab.Services[s].Provides == ServiceRole.Host).ToList() is [var machine]) return AlertMatch.Of(machine);
        return AlertMatch.None(found.Length == 0
            ? what.StartsWith("host", StringComparison.Ordinal) ? $"no service provides {what}" : $"{what} runs on another machine than the one it is about"
            : $"{what} may be {string.Join(" or ", found.Order(StringComparer.Ordinal))}");
    }

    private IEnumerable<(string What, string Service)> Named(Func<ServiceDefinition, string?> name) =>
        from service in _lab.Services
        let what = name(service.Value)
        where what is not null
        select (what, service.Key);

    [GeneratedRegex(@"\A(qemu|lxc|vm)/(?<id>[0-9]{1,9})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex GuestId();
}

/// <summary>The service that an alert is about, or why there is none.</summary>
/// <param name="Service">The service; null when none was found, or more than one.</param>
/// <param name="Why">Why there is none, one line; empty where there is one.</param>
public sealed record AlertMatch(string? Service, string Why)
{
    internal static AlertMatch Of(string service) => new(service, "");

    internal static AlertMatch None(string why) => new(null, why);
}
