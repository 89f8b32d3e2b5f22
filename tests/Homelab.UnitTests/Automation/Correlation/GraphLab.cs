namespace Homelab.UnitTests.Automation.Correlation;

/// <summary>Labs of a few lines, for tests of what needs what.</summary>
internal static class GraphLab
{
    internal static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    internal static LabDefinition Of(params (string Name, ServiceDefinition Service)[] services) => Of([], services);

    internal static LabDefinition Of((string Name, HostDefinition Host)[] hosts, params (string Name, ServiceDefinition Service)[] services) => new()
    {
        Hosts = hosts.ToDictionary(h => h.Name, h => h.Host, StringComparer.Ordinal),
        Services = services.ToDictionary(s => s.Name, s => s.Service, StringComparer.Ordinal),
    };

    internal static ServiceDefinition On(string host, params string[] dependsOn) => new() { Host = host, DependsOn = dependsOn };

    internal static ServiceDefinition Needing(params string[] dependsOn) => new() { DependsOn = dependsOn };

    internal static ServiceDefinition Named(string url, params string[] dependsOn) => new() { DependsOn = dependsOn, Check = new CheckDefinition { Http = new Uri(url) } };
}
