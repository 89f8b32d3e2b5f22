using System.Collections.Frozen;
using Homelab.Automation.Correlation;

namespace Homelab.Automation.Healing;

/// <summary>Finds the service that an alert is about, and what it needs.</summary>
public sealed class ServiceMap
{
    private readonly LabDefinition _lab;
    private readonly FrozenDictionary<string, string> _bySubject;
    private readonly AlertMatcher _matcher;

    /// <param name="lab">The lab.</param>
    public ServiceMap(LabDefinition lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        _lab = lab;
        Graph = new ServiceGraph(lab);
        var subjects = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        // The lab file's validation refuses two services with one monitor; a monitor's name wins over a service's, and that over a container's.
        foreach (var (name, service) in lab.Services) subjects.TryAdd(service.Monitor ?? name, name);
        foreach (var (name, _) in lab.Services) subjects.TryAdd(name, name);
        foreach (var group in lab.Services.Where(s => s.Value.Container is not null).GroupBy(s => s.Value.Container!.ToString(), StringComparer.OrdinalIgnoreCase))
        {
            subjects.TryAdd(group.Key, group.First().Key);
        }

        // What we ourselves report of a machine that no service stands for.
        foreach (var name in Graph.Names.Where(ServiceGraph.IsImplicitHost)) subjects.TryAdd(name, name);

        _bySubject = subjects.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _matcher = new AlertMatcher(lab, _bySubject);
    }

    /// <summary>What needs what.</summary>
    public ServiceGraph Graph { get; }

    /// <summary>The service's name, or null when the alert is about nothing in the lab, or may be about two things. Only an exact name counts: a guess could heal a wrong thing.</summary>
    public string? Match(Alert alert) => Find(alert).Service;

    /// <summary>The service that an alert is about, or why there is none.</summary>
    public AlertMatch Find(Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return _matcher.Match(alert);
    }

    /// <summary>A subject by which <see cref="Match"/> finds exactly this service, even where another one's monitor bears its name.</summary>
    internal string SubjectOf(string service) => _bySubject.TryGetValue(service, out var found) && found == service ? service : Get(service).Monitor ?? service;

    /// <summary>The service; of a machine that no service stands for, what can be said of it.</summary>
    /// <exception cref="HomelabException"><c>ServiceNotFound</c> (NotFound): it never was there, or the lab file was changed since.</exception>
    public ServiceDefinition Get(string service) =>
        _lab.Services.TryGetValue(service, out var definition)
            ? definition
            : Graph.MachineOf(service) is { } machine ? ImplicitHost.Of(_lab, machine, Graph.RunningOn(service))
            : throw new HomelabException(ErrorKind.NotFound, "ServiceNotFound", $"There is no service '{service}' in the lab file. {NearestName.Hint(service, [.. _lab.Services.Keys])}".TrimEnd(), service);

    /// <summary>The guest of Proxmox that a service is or runs in, as far as the lab file tells: its own, or that of the service that provides its machine. Null when it tells of none.</summary>
    internal VmRef? GuestOf(ServiceDefinition service) =>
        service.Vm ?? (service.Machine is { } machine ? _lab.Services.Values.FirstOrDefault(s => s.Provides == ServiceRole.Host && s.Machine == machine)?.Vm : null);

    /// <summary>What a service is reached through: the one it names, or itself when it is a reverse proxy; null for neither.</summary>
    internal (string Name, ServiceDefinition Definition)? ProxyOf(string service)
    {
        var own = Get(service);
        if (own.Provides == ServiceRole.Proxy) return (service, own);
        return own.Proxy is { } name && _lab.Services.TryGetValue(name, out var proxy) ? (name, proxy) : null;
    }
}
