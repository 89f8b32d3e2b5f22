using Homelab.Automation.Healing;
using Homelab.Automation.House;
using Homelab.Automation.Notifications;
using Homelab.Composition;
using Homelab.Composition.Access;
using Homelab.Composition.Procedures;
using Homelab.Tests;

namespace Homelab.UnitTests.Composition;

/// <summary>Every operation of the product over an empty lab: nothing is connected, everything is in the catalog.</summary>
internal static class CatalogBench
{
    internal static OperationCatalog Catalog { get; } = new(
    [
        .. ProviderList.Create(new ProviderContext(new LabDefinition(), Repository.Root, new NoSecrets(), TimeProvider.System)).SelectMany(p => p.Operations),
        // Nothing is asked of the store by whoever only reads the catalog.
        .. OwnOperations.Create(
            new HealingSwitch("lab", Brake: null!, Store: null!),
            new NoticePost(store: null!),
            new HouseDesk(store: null!, TimeProvider.System),
            new AccessDesk(new LabDefinition(), new Decider(new AccessPolicy(), new GatePolicy(), []), Repository.Root, store: null!, static () => Catalog!, TimeProvider.System),
            new ProcedureShelf(Repository.Root)),
    ]);

    private sealed class NoSecrets : ISecretSource
    {
        public ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) =>
            throw new HomelabException(ErrorKind.NotFound, "SecretNotFound", $"There is no {reference} in this test.");
    }
}
