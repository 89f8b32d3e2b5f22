using System.Text.Json;
using Homelab.Providers.Alertmanager;
using Homelab.Providers.UptimeKuma;
using Homelab.UnitTests.Support;

namespace Homelab.SystemTests.Monitoring;

/// <summary>The operations of the monitoring systems behind a gate, and what they traced.</summary>
internal sealed class MonitoringBench : IAsyncDisposable
{
    private readonly List<string> _trace = [];
    private readonly IReadOnlyList<Provider> _providers;
    private readonly OperationGate _gate;

    /// <param name="settings">By provider.</param>
    /// <param name="secrets">What references open to.</param>
    internal MonitoringBench(IReadOnlyDictionary<string, object> settings, params (string Name, string Value)[] secrets)
    {
        var context = new ProviderContext(new LabDefinition { Providers = settings }, AppContext.BaseDirectory, new Known(secrets), TimeProvider.System) { Trace = Trace };
        _providers = [new UptimeKumaProvider(context), new AlertmanagerProvider(context)];
        var store = new MemoryGateStore();
        _gate = new OperationGate(new OperationCatalog(_providers.SelectMany(static p => p.Operations)), new Decider(new AccessPolicy(), new GatePolicy(), []), new ActionLimits(), store, new ApprovalDesk(store, new ApprovalPolicy(), TimeProvider.System), new SecretRedactor(), TimeProvider.System);
    }

    internal string Traced
    {
        get
        {
            lock (_trace) return string.Join('\n', _trace);
        }
    }

    internal IEnumerable<IHeartbeatSink> Sinks => _providers.SelectMany(static p => p.HeartbeatSinks);

    internal async Task<T> ChangeAsync<T>(string operation, object input)
    {
        var request = new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(input), Caller = new Caller(Face.Interactive, "test") };
        var outcome = await _gate.InvokeAsync(request, TestContext.Current.CancellationToken);
        return (T)Assert.IsType<GateOutcome.Done>(outcome).Result!;
    }

    internal async Task<List<T>> QueryAsync<T>(string operation, object input)
    {
        var items = new List<T>();
        var request = new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(input), Caller = new Caller(Face.Interactive, "test") };
        await foreach (var item in _gate.QueryAsync(request, TestContext.Current.CancellationToken)) items.Add((T)item);
        return items;
    }

    internal async Task<List<LabCheck>> CheckAsync()
    {
        var checks = new List<LabCheck>();
        foreach (var provider in _providers)
        {
            await foreach (var check in provider.CheckAsync(TestContext.Current.CancellationToken)) checks.Add(check);
        }

        return checks;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in _providers) await provider.DisposeAsync();
    }

    private void Trace(string line)
    {
        lock (_trace) _trace.Add(line);
    }

    private sealed class Known((string Name, string Value)[] values) : ISecretSource
    {
        public ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) => ValueTask.FromResult(new Secret(values.Single(v => v.Name == reference.Name).Value));
    }
}
