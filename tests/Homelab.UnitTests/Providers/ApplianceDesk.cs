using System.Text.Json;
using Homelab.UnitTests.Providers.Docker;
using Homelab.UnitTests.Support;

namespace Homelab.UnitTests.Providers;

/// <summary>A gate before the operations of one provider, and what it wrote down.</summary>
internal sealed class ApplianceDesk(Provider provider, TimeProvider time) : IAsyncDisposable
{
    private static readonly Yes s_yes = new();
    private readonly MemoryGateStore _store = new();

    internal static Caller Person { get; } = new(Face.Interactive, "anna");

    internal static Caller Machine { get; } = new(Face.Webhook, "hook");

    internal Provider Provider => provider;

    internal MemoryGateStore Store => _store;

    internal async Task<GateOutcome> TryAsync(string operation, object input, Caller? caller = null)
    {
        var access = new AccessPolicy { Webhook = Level.Manage };
        var gate = new OperationGate(new OperationCatalog(provider.Operations), new Decider(access, new GatePolicy(), []), new ActionLimits(), _store, new ApprovalDesk(_store, new ApprovalPolicy(), time), new SecretRedactor(), time);
        return await gate.InvokeAsync(new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(input), Caller = caller ?? Person, Confirmation = s_yes }, TestContext.Current.CancellationToken);
    }

    internal async Task<T> ChangeAsync<T>(string operation, object input) => (T)Assert.IsType<GateOutcome.Done>(await TryAsync(operation, input)).Result!;

    internal Task<HomelabException> FailAsync(string operation, object input) => Assert.ThrowsAsync<HomelabException>(() => TryAsync(operation, input));

    internal async Task<IReadOnlyList<T>> QueryAsync<T>(string operation, object? input = null)
    {
        var items = new List<T>();
        var gate = new OperationGate(new OperationCatalog(provider.Operations), new Decider(new AccessPolicy(), new GatePolicy(), []), new ActionLimits(), _store, new ApprovalDesk(_store, new ApprovalPolicy(), time), new SecretRedactor(), time);
        await foreach (var item in gate.QueryAsync(new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(input ?? new { }), Caller = Person }, TestContext.Current.CancellationToken)) items.Add((T)item);
        return items;
    }

    internal async Task<HomelabException> QueryFailsAsync(string operation, object? input = null) => await Assert.ThrowsAsync<HomelabException>(() => QueryAsync<object>(operation, input));

    internal async Task<IReadOnlyList<LabCheck>> CheckAsync() => await provider.CheckAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => provider.DisposeAsync();

    // A person who says yes as often as it is asked.
    private sealed class Yes : IConfirmation
    {
        public ValueTask<bool> ConfirmAsync(Intent intent, Decision decision, int number, CancellationToken cancellationToken) => ValueTask.FromResult(true);
    }
}
