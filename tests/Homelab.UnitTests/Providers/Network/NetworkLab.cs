using Homelab.Providers.Network;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Network;

/// <summary>A network provider over a lab of the given services, asked through the gate.</summary>
internal sealed class NetworkLab(params (string Name, CheckDefinition? Check)[] services)
{
    internal QueryDesk Desk { get; } = new();

    internal string BasePath { get; init; } = "/";

    internal IReadOnlyDictionary<string, HostDefinition> Hosts { get; init; } = new Dictionary<string, HostDefinition>(StringComparer.Ordinal);

    internal NetworkSettings? Settings { get; init; }

    /// <summary>Its clock: one by which nothing is over soon. A test of silence gives its own.</summary>
    internal TimeProvider Time { get; init; } = new PatientTime(TimeSpan.Zero);

    internal static CancellationToken Token => TestContext.Current.CancellationToken;

    internal async Task<IReadOnlyList<T>> AskAsync<T>(string operation, object input, CancellationToken? cancellationToken = null)
    {
        await using var provider = Open();
        return await Desk.AskAsync<T>(provider.Operations, operation, input, cancellationToken ?? Token);
    }

    /// <summary>Asks, and keeps what came before it failed.</summary>
    internal async Task CollectAsync<T>(string operation, object input, List<T> into)
    {
        await using var provider = Open();
        await Desk.AskAsync(provider.Operations, operation, input, into, Token);
    }

    /// <summary>What a check of the whole lab finds.</summary>
    internal async Task<IReadOnlyList<LabCheck>> CheckLabAsync()
    {
        await using var provider = Open();
        return await provider.CheckAsync(Token).ToListAsync(Token);
    }

    /// <summary>Checks one service that has one check.</summary>
    internal static async Task<ProbeResult> CheckAsync(CheckDefinition check, string basePath = "/", TimeProvider? time = null) =>
        Assert.Single(await new NetworkLab(("web", check)) { BasePath = basePath, Time = time ?? new PatientTime(TimeSpan.Zero) }.AskAsync<ProbeResult>("network_check_services", new { service = "web" }));

    internal static async Task<DnsReading> ResolveAsync(object input) => Assert.Single(await new NetworkLab().AskAsync<DnsReading>("dns_test", input));

    private NetworkProvider Open()
    {
        var lab = new LabDefinition
        {
            Hosts = Hosts,
            Services = services.ToDictionary(static s => s.Name, static s => new ServiceDefinition { Check = s.Check }, StringComparer.Ordinal),
            Providers = Settings is null ? new Dictionary<string, object>(StringComparer.Ordinal) : new Dictionary<string, object>(StringComparer.Ordinal) { ["network"] = Settings },
        };
        return new NetworkProvider(new ProviderContext(lab, BasePath, new Secrets(), Time));
    }
}
