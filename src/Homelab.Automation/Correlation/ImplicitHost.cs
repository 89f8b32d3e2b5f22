namespace Homelab.Automation.Correlation;

/// <summary>A machine that no service of the lab file stands for, described as one.</summary>
internal static class ImplicitHost
{
    // A machine on the same network answers in milliseconds; over a tailnet that must first find its way, in one or two seconds.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(3);

    internal static ServiceDefinition Of(LabDefinition lab, string name, IReadOnlyList<string> runners) => new()
    {
        Host = name,
        Provides = ServiceRole.Host,
        // As urgent as the most urgent of what runs there.
        Tier = runners.Select(r => lab.Services.TryGetValue(r, out var service) ? service.Tier : ServiceTier.Standard).DefaultIfEmpty().Max(),
        Check = Endpoint(lab.Hosts[name]) is { } endpoint ? new CheckDefinition { Tcp = endpoint, Timeout = s_timeout } : null,
        Hint = $"Look whether the machine {name} runs and is on the network.",
    };

    // What listens there anyhow; null where nothing does that this machine can reach by itself.
    private static string? Endpoint(HostDefinition host)
    {
        if (host.Docker?.Url is { } url && Uri.TryCreate(url, UriKind.Absolute, out var engine) && engine is { Scheme: "tcp" or "http" or "https", Port: > 0 })
        {
            return FormattableString.Invariant($"{engine.Host}:{engine.Port}");
        }

        return host is { Ssh: { Jump: null } ssh, Address.Length: > 0 } ? FormattableString.Invariant($"{(host.Address.Contains(':', StringComparison.Ordinal) ? $"[{host.Address}]" : host.Address)}:{ssh.Port}") : null;
    }
}
