using System.Text.Json;
using Homelab.Providers.Ssh;
using Homelab.Tests;

namespace Homelab.SystemTests.Ssh;

/// <summary>A machine and the gate before what is asked of it.</summary>
internal sealed class HostMachine : IDisposable
{
    private readonly ToolFolder? _tools;
    private readonly QueryDesk _desk = new();
    private readonly HostProvider _provider;

    internal HostMachine(ToolFolder? tools)
        : this(new ShellHosts([], tools?.Path)) => _tools = tools;

    internal HostMachine(IRemoteHosts hosts) =>
        _provider = new HostProvider(new ProviderContext(new LabDefinition(), AppContext.BaseDirectory, new NoSecrets(), TimeProvider.System) { Remote = hosts });

    internal Task<IReadOnlyList<T>> AskAsync<T>(string operation, object input) => _desk.AskAsync<T>(_provider.Operations, operation, input, TestContext.Current.CancellationToken);

    /// <summary>Asks, and keeps what was told before it failed.</summary>
    internal async Task AskAsync<T>(string operation, object input, List<T> told)
    {
        var gate = new OperationGate(
            new OperationCatalog(_provider.Operations), new Decider(new AccessPolicy(), new GatePolicy(), []), new ActionLimits(), _desk, new ApprovalDesk(_desk, new ApprovalPolicy(), TimeProvider.System), new SecretRedactor(), TimeProvider.System);
        var request = new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(input), Caller = new Caller(Face.Interactive, "test") };
        await foreach (var item in gate.QueryAsync(request, TestContext.Current.CancellationToken)) told.Add((T)item);
    }

    public void Dispose() => _tools?.Dispose();

    private sealed class NoSecrets : ISecretSource
    {
        public ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) => throw new InvalidOperationException("No secret is needed here.");
    }
}
