namespace Homelab.Providers.Network;

/// <summary>Where a service is, as its container and its checks tell.</summary>
internal static class ServicePlace
{
    /// <summary>The host of the lab that it runs on: that of its container, else the one that has the address its checks ask. Null where neither says so.</summary>
    internal static string? HostOf(LabDefinition lab, ServiceDefinition service)
    {
        if (service.Container?.Host is { } host && lab.Hosts.ContainsKey(host)) return host;
        if (service.Check is not { } check) return null;
        string?[] asked = [check.Http?.DnsSafeHost, Name(check.Tcp), Name(check.Tls), Name(check.Dns?.Server)];
        var named = asked.OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        // Two hosts behind one address, as in a lab on a single machine: nobody can tell which.
        string[] found = [.. lab.Hosts.Where(h => named.Contains(h.Key) || named.Contains(h.Value.Address)).Select(static h => h.Key).Take(2)];
        return found is [var only] ? only : null;
    }

    /// <summary>What its checks ask first; empty without a check.</summary>
    internal static string AddressOf(CheckDefinition? check) => check?.Http?.OriginalString ?? check?.Tcp ?? check?.Tls ?? check?.Dns?.Server ?? "";

    private static string? Name(string? address) => address is not null && HostPort.TryParse(address, 1, out var parsed) ? parsed.Host : null;
}
