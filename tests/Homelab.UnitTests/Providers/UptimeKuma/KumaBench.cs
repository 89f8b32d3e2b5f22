using System.Text.Json;
using Homelab.Lab.Kuma;
using Homelab.Providers.UptimeKuma;
using Homelab.Tests;
using Homelab.UnitTests.Providers.Docker;
using Homelab.UnitTests.Support;

namespace Homelab.UnitTests.Providers.UptimeKuma;

/// <summary>A simulated Kuma with a user, a lab that names it, and a gate before the operations.</summary>
internal sealed class KumaBench : IAsyncDisposable
{
    internal const string User = "admin";
    internal const string Password = "Homelab-2026!";
    internal const string Push = "PushTokv2abcdefghijklmnopqrstuvwx";

    private KumaBench()
    {
    }

    internal static Caller Person { get; } = new(Face.Interactive, "anna");

    internal required SimulatedKuma Kuma { get; init; }

    internal required UptimeKumaProvider Provider { get; init; }

    internal required OperationGate Gate { get; init; }

    internal required MemoryGateStore Store { get; init; }

    internal required TraceLog Trace { get; init; }

    internal static Task<KumaBench> StartAsync(KumaRelease release = KumaRelease.Two) => StartAsync(release, new PatientTime(), new KumaUser(User, Password), static s => s);

    internal static async Task<KumaBench> StartAsync(KumaRelease release, TimeProvider time, KumaUser? user, Func<UptimeKumaSettings, UptimeKumaSettings> change)
    {
        var kuma = await SimulatedKuma.StartAsync("uk1_key", release, user: user);
        var settings = change(new UptimeKumaSettings
        {
            Url = kuma.Url,
            ApiKey = Reference("KEY"),
            User = User,
            Password = Reference("PASSWORD"),
            Push = Reference("PUSH"),
        });
        var trace = new TraceLog();
        var lab = new LabDefinition { Providers = new Dictionary<string, object>(StringComparer.Ordinal) { ["kuma"] = settings } };
        var secrets = new Secrets(("KEY", "uk1_key"), ("PASSWORD", Password), ("WRONG", "wrong-password"), ("PUSH", Push), ("PUSHURL", $"{kuma.Url}api/push/{Push}?status=up&msg=OK&ping="), ("NONSENSE", "https://example.org/nothing"), ("TOTP", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
        var provider = new UptimeKumaProvider(new ProviderContext(lab, "/", secrets, time) { Trace = trace.Add });
        var store = new MemoryGateStore();
        var gate = new OperationGate(new OperationCatalog(provider.Operations), new Decider(new AccessPolicy(), new GatePolicy(), []), new ActionLimits(), store, new ApprovalDesk(store, new ApprovalPolicy(), time), new SecretRedactor(), time);
        return new KumaBench { Kuma = kuma, Provider = provider, Gate = gate, Store = store, Trace = trace };
    }

    internal static SecretReference Reference(string name) => SecretReference.Parse("env:" + name, null);

    internal int Add(string name, bool up = true, string type = "http", string? push = null) =>
        Kuma.Add(new KumaMonitor { Name = name, Type = type, Url = new Uri("http://127.0.0.1/"), PushToken = push, Password = "monitor-password", Check = _ => Task.FromResult((up, up ? "200 - OK" : "connect ECONNREFUSED")) });

    internal async Task<T> ChangeAsync<T>(string operation, object input, string? key = null, CancellationToken? cancellationToken = null)
    {
        var request = new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(input), Caller = Person, Key = key };
        var outcome = await Gate.InvokeAsync(request, cancellationToken ?? TestContext.Current.CancellationToken);
        return (T)Assert.IsType<GateOutcome.Done>(outcome).Result!;
    }

    internal Task<MonitorActivity> PauseAsync(string monitor) => ChangeAsync<MonitorActivity>("kuma_pause_monitor", new { monitor });

    internal Task<MonitorActivity> ResumeAsync(string monitor) => ChangeAsync<MonitorActivity>("kuma_resume_monitor", new { monitor });

    internal async Task<List<T>> QueryAsync<T>(string operation, object input)
    {
        var items = new List<T>();
        var request = new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(input), Caller = Person };
        await foreach (var item in Gate.QueryAsync(request, TestContext.Current.CancellationToken)) items.Add((T)item);
        return items;
    }

    public async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        await Kuma.DisposeAsync();
    }
}
