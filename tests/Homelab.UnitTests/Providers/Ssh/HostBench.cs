using Homelab.Providers.Ssh;
using Homelab.UnitTests.Support;

namespace Homelab.UnitTests.Providers.Ssh;

/// <summary>A gate before operations on hosts.</summary>
internal static class HostBench
{
    internal static Caller Person { get; } = new(Face.Interactive, "anna");

    internal static Caller Hook { get; } = new(Face.Webhook, "kuma");

    internal static OperationGate Gate(LabDefinition lab, TimeProvider time, MemoryGateStore store, params Operation[] operations) => new(
        new OperationCatalog(operations),
        new Decider(lab.Access with { Webhook = Level.Manage }, lab.Policy, []),
        lab.Policy.Limits,
        store,
        new ApprovalDesk(store, new ApprovalPolicy(), time),
        new SecretRedactor(),
        time);

    internal static ProviderContext Context(LabDefinition lab, IRemoteHosts hosts, TimeProvider time) => new(lab, AppContext.BaseDirectory, new Secrets(), time) { Remote = hosts };

    /// <summary>Does it, as a person who has confirmed.</summary>
    internal static Task<GateOutcome> InvokeAsync(OperationGate gate, string operation, object input, Caller? caller = null) =>
        gate.InvokeAsync(new GateRequest { Operation = operation, Input = input, Caller = caller ?? Person, Confirmation = new Yes() }, TestContext.Current.CancellationToken);

    private sealed class Yes : IConfirmation
    {
        public ValueTask<bool> ConfirmAsync(Intent intent, Decision decision, int number, CancellationToken cancellationToken) => ValueTask.FromResult(true);
    }
}
