using Homelab.Composition;
using Homelab.Tests;

namespace Homelab.UnitTests.Composition;

/// <summary>Every provider of the product over an empty lab: nothing is connected, everything is in the catalog.</summary>
internal static class CatalogBench
{
    internal static OperationCatalog Catalog { get; } = new(ProviderList
        .Create(new ProviderContext(new LabDefinition(), Repository.Root, new NoSecrets(), TimeProvider.System))
        .SelectMany(p => p.Operations));

    private sealed class NoSecrets : ISecretSource
    {
        public ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) =>
            throw new HomelabException(ErrorKind.NotFound, "SecretNotFound", $"There is no {reference} in this test.");
    }
}
