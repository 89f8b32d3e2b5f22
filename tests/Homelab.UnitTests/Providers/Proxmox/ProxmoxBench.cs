using System.Text.Json;
using Homelab.Lab.Proxmox;
using Homelab.Providers.Proxmox;
using Homelab.Tests;
using Homelab.UnitTests.Support;

namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>A simulated cluster, a lab that names it, and a gate before every operation of the provider.</summary>
internal sealed class ProxmoxBench : IAsyncDisposable
{
    private ProxmoxBench()
    {
    }

    internal static Caller Person { get; } = new(Face.Interactive, "anna");

    internal required SimulatedProxmox Cluster { get; init; }

    internal required ProxmoxProvider Provider { get; init; }

    internal required OperationGate Gate { get; init; }

    internal required MemoryGateStore Store { get; init; }

    /// <summary>Starts a cluster of these nodes (one, <c>pve</c>, when none is given), opened by a token of root.</summary>
    internal static Task<ProxmoxBench> StartAsync(params string[] nodes) => StartAsync(new SimulatedProxmoxOptions { Nodes = nodes.Length > 0 ? nodes : ["pve"] });

    /// <summary>Starts a cluster.</summary>
    /// <param name="options">How it is.</param>
    /// <param name="open">Makes the token that opens it, <c>user@realm!id=secret</c>; one of root with all rights when null.</param>
    /// <param name="lab">Changes the lab, such as its policy.</param>
    internal static async Task<ProxmoxBench> StartAsync(SimulatedProxmoxOptions options, Func<SimulatedProxmox, string>? open = null, Func<LabDefinition, LabDefinition>? lab = null)
    {
        var time = options.Time == TimeProvider.System ? new PatientTime() : options.Time;
        var cluster = await SimulatedProxmox.StartAsync(options, TestContext.Current.CancellationToken);
        var token = open?.Invoke(cluster) ?? "root@pam!test=" + cluster.AddToken("root@pam", "test");
        var settings = new ProxmoxSettings
        {
            Url = cluster.Nodes[0].Url,
            Failover = [.. cluster.Nodes.Skip(1).Select(static n => new ProxmoxNodeDefinition { Url = n.Url, Tls = new TlsDefinition { Sha256 = n.CertificateSha256 } })],
            Token = SecretReference.Parse("env:PROXMOX_TOKEN", null),
            Tls = new TlsDefinition { Sha256 = cluster.Nodes[0].CertificateSha256 },
        };
        var definition = new LabDefinition { Providers = new Dictionary<string, object>(StringComparer.Ordinal) { ["proxmox"] = settings } };
        definition = lab?.Invoke(definition) ?? definition;
        var provider = new ProxmoxProvider(new ProviderContext(definition, AppContext.BaseDirectory, new Secrets(("PROXMOX_TOKEN", token)), time));
        var store = new MemoryGateStore();
        var gate = new OperationGate(
            new OperationCatalog(provider.Operations),
            new Decider(definition.Access, definition.Policy, []),
            definition.Policy.Limits,
            store,
            new ApprovalDesk(store, new ApprovalPolicy(), options.Time),
            new SecretRedactor(),
            options.Time);
        return new ProxmoxBench { Cluster = cluster, Provider = provider, Gate = gate, Store = store };
    }

    /// <summary>Does it, as a person at the prompt who has confirmed.</summary>
    internal async Task<T> ChangeAsync<T>(string operation, object input, Caller? caller = null)
    {
        var outcome = await InvokeAsync(operation, input, caller);
        return Assert.IsType<T>(Assert.IsType<GateOutcome.Done>(outcome).Result);
    }

    /// <summary>What the gate answers.</summary>
    internal Task<GateOutcome> InvokeAsync(string operation, object input, Caller? caller = null, IConfirmation? confirmation = null) =>
        Gate.InvokeAsync(
            new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(input), Caller = caller ?? Person, Confirmation = confirmation ?? new Yes() },
            TestContext.Current.CancellationToken);

    /// <summary>Everything that a query yields.</summary>
    internal async Task<List<T>> QueryAsync<T>(string operation, object input, Caller? caller = null)
    {
        var items = new List<T>();
        var request = new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(input), Caller = caller ?? Person };
        await foreach (var item in Gate.QueryAsync(request, TestContext.Current.CancellationToken)) items.Add((T)item);
        return items;
    }

    /// <summary>What goes wrong with a change.</summary>
    internal Task<HomelabException> FailAsync(string operation, object input, IConfirmation? confirmation = null) =>
        Assert.ThrowsAnyAsync<HomelabException>(() => InvokeAsync(operation, input, confirmation: confirmation));

    public async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    private sealed class Yes : IConfirmation
    {
        public ValueTask<bool> ConfirmAsync(Intent intent, Decision decision, int number, CancellationToken cancellationToken) => ValueTask.FromResult(true);
    }
}
