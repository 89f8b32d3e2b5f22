using System.Text.Json;
using Homelab.Providers.Ssh;
using Homelab.SystemTests.Peers;
using Homelab.Tests;
using Homelab.UnitTests.Support;

namespace Homelab.SystemTests.Ssh;

/// <summary>The host <c>dev</c> of a lab behind a real sshd, and the gate before what is asked of it and done to it.</summary>
internal sealed class HostMachine : IAsyncDisposable
{
    private readonly SshHosts _hosts;
    private readonly OperationGate _gate;
    private readonly List<IAsyncDisposable> _owned = [];

    internal HostMachine(HostDefinition host)
    {
        var lab = new LabDefinition { Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal) { ["dev"] = host } };
        var context = new ProviderContext(lab, AppContext.BaseDirectory, null!, TimeProvider.System);
        _hosts = new SshHosts(context, SshBench.Patient);
        _gate = new OperationGate(
            new OperationCatalog(new HostProvider(context with { Remote = _hosts }).Operations),
            new Decider(new AccessPolicy(), new GatePolicy(), []),
            new ActionLimits(),
            Store,
            new ApprovalDesk(Store, new ApprovalPolicy(), TimeProvider.System),
            new SecretRedactor(),
            TimeProvider.System);
    }

    internal MemoryGateStore Store { get; } = new();

    /// <summary>The process of the sshd of our own.</summary>
    internal int Sshd { get; private init; }

    /// <summary>This machine behind an sshd of our own, with a folder of tools as its whole path; its own path without.</summary>
    /// <param name="tools">The folder.</param>
    /// <param name="hasOwnMounts">True for mounts that nobody else on this machine sees.</param>
    internal static async Task<HostMachine> StartAsync(ToolFolder? tools, bool hasOwnMounts = false)
    {
        var sshd = new Sshd { HasOwnMounts = hasOwnMounts };
        await sshd.StartAsync(tools is null ? [] : [$"PATH={tools.Path}"]);
        var machine = new HostMachine(sshd.Host()) { Sshd = sshd.Id };
        machine._owned.Add(sshd);
        if (tools is not null) machine._owned.Add(tools);
        return machine;
    }

    internal async Task<IReadOnlyList<T>> AskAsync<T>(string operation, object input)
    {
        var told = new List<T>();
        await AskAsync(operation, input, told);
        return told;
    }

    /// <summary>Asks, and keeps what was told before it failed.</summary>
    internal async Task AskAsync<T>(string operation, object input, List<T> told)
    {
        await foreach (var item in _gate.QueryAsync(Request(operation, input), TestContext.Current.CancellationToken)) told.Add((T)item);
    }

    /// <summary>Does it, as a person who has confirmed.</summary>
    internal async Task<T> ChangeAsync<T>(string operation, object input) =>
        Assert.IsType<T>(Assert.IsType<GateOutcome.Done>(await _gate.InvokeAsync(Request(operation, input) with { Confirmation = new Yes() }, TestContext.Current.CancellationToken)).Result);

    /// <summary>What goes wrong with it.</summary>
    internal Task<HomelabException> FailAsync(string operation, object input) => Assert.ThrowsAnyAsync<HomelabException>(() => ChangeAsync<object>(operation, input));

    public async ValueTask DisposeAsync()
    {
        await _hosts.DisposeAsync();
        foreach (var owned in _owned) await owned.DisposeAsync();
    }

    private static GateRequest Request(string operation, object input) => new() { Operation = operation, Json = JsonSerializer.SerializeToElement(input), Caller = new Caller(Face.Interactive, "test") };

    private sealed class Yes : IConfirmation
    {
        public ValueTask<bool> ConfirmAsync(Intent intent, Decision decision, int number, CancellationToken cancellationToken) => ValueTask.FromResult(true);
    }
}
