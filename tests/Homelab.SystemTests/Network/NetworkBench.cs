using System.Text.Json;
using Homelab.Providers.Network;
using Homelab.Tests;

namespace Homelab.SystemTests.Network;

/// <summary>The network provider, asked through the gate.</summary>
internal static class NetworkBench
{
    internal static NetworkProvider Open(LabDefinition? lab = null) => new(new ProviderContext(lab ?? new LabDefinition(), "/", new NoSecrets(), TimeProvider.System));

    internal static async Task<IReadOnlyList<T>> AskAsync<T>(string operation, object input, LabDefinition? lab = null)
    {
        await using var provider = Open(lab);
        return await new QueryDesk().AskAsync<T>(provider.Operations, operation, input, TestContext.Current.CancellationToken);
    }

    /// <summary>Asks name servers, each of which answers; on a busy machine not within the usual time.</summary>
    internal static Task<IReadOnlyList<DnsReading>> AskDnsAsync(object input)
    {
        var patient = JsonSerializer.SerializeToNode(input)!.AsObject();
        patient["timeout"] = "1m";
        return AskAsync<DnsReading>("dns_test", patient);
    }

    private sealed class NoSecrets : ISecretSource
    {
        public ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) => throw new InvalidOperationException("The network needs no secret.");
    }
}
