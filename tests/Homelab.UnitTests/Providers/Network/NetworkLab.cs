using Homelab.Providers.Network;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Network;

/// <summary>A network provider over a lab of the given services, asked through the gate.</summary>
internal sealed class NetworkLab(params (string Name, CheckDefinition? Check)[] services)
{
    // Long enough for a busy machine, short enough for a test of silence.
    internal static TimeSpan Short { get; } = TimeSpan.FromMilliseconds(300);

    internal QueryDesk Desk { get; } = new();

    internal string BasePath { get; init; } = "/";

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    internal static CancellationToken Token => TestContext.Current.CancellationToken;

    internal async Task<IReadOnlyList<T>> AskAsync<T>(string operation, object input, CancellationToken? cancellationToken = null)
    {
        var lab = new LabDefinition { Services = services.ToDictionary(static s => s.Name, static s => new ServiceDefinition { Check = s.Check }, StringComparer.Ordinal) };
        await using var provider = new NetworkProvider(new ProviderContext(lab, BasePath, new Secrets(), Time));
        return await Desk.AskAsync<T>(provider.Operations, operation, input, cancellationToken ?? Token);
    }

    /// <summary>Checks one service that has one check.</summary>
    internal static async Task<ProbeResult> CheckAsync(CheckDefinition check, string basePath = "/", TimeProvider? time = null) =>
        Assert.Single(await new NetworkLab(("web", check)) { BasePath = basePath, Time = time ?? TimeProvider.System }.AskAsync<ProbeResult>("network_check_services", new { service = "web" }));

    internal static async Task<DnsReading> ResolveAsync(object input) => Assert.Single(await new NetworkLab().AskAsync<DnsReading>("dns_test", input));
}
