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

    private sealed class NoSecrets : ISecretSource
    {
        public ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) => throw new InvalidOperationException("The network needs no secret.");
    }
}
