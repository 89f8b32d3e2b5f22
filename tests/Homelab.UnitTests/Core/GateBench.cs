using System.Text.Json;
using Homelab.State;
using Homelab.Tests;

namespace Homelab.UnitTests.Core;

/// <summary>A gate over sample operations and a real store in a folder of its own.</summary>
public sealed class GateBench : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private GateBench(DirectoryInfo folder, ManualTime time, SqliteStore store, AccessPolicy access, GatePolicy policy)
    {
        _folder = folder;
        Time = time;
        Store = store;
        Approvals = new ApprovalDesk(store, policy.Approval, Time);
        var catalog = new OperationCatalog([Read, Add, Restart, Stop, Trim, Delete]);
        Gate = new OperationGate(catalog, new Decider(access, policy, []), policy.Limits, store, Approvals, Redactor, Time);
    }

    public ManualTime Time { get; }

    public ReadThing Read { get; } = new();

    public AddThing Add { get; } = new();

    public RestartThing Restart { get; } = new();

    public StopThing Stop { get; } = new();

    public TrimThing Trim { get; } = new();

    public DeleteThing Delete { get; } = new();

    public SecretRedactor Redactor { get; } = new();

    public SqliteStore Store { get; }

    public string StateFile => Path.Combine(_folder.FullName, "s.db");

    public ApprovalDesk Approvals { get; }

    public OperationGate Gate { get; }

    public static Caller Hook { get; } = new(Face.Webhook, "uptime-alert") { Incident = "i1", Run = "r1" };

    public static async Task<GateBench> OpenAsync(GatePolicy? policy = null, AccessPolicy? access = null)
    {
        var time = new ManualTime();
        var folder = Directory.CreateTempSubdirectory("hl-gate-");
        var store = await SqliteStore.OpenAsync(Path.Combine(folder.FullName, "s.db"), time, TestContext.Current.CancellationToken);
        return new GateBench(
            folder,
            time,
            store,
            access ?? new AccessPolicy { Webhook = Level.Manage, Mcp = Level.Manage },
            policy ?? new GatePolicy { Approval = new ApprovalPolicy { Approvers = ["cli:*", "telegram:1"] } });
    }

    public Task<GateOutcome> InvokeAsync(string operation, string name = "web", Caller? caller = null, string? key = null, string? approval = null, RetryRule? retry = null, CancellationToken? cancellationToken = null, IConfirmation? confirmation = null, bool dryRun = false) =>
        Gate.InvokeAsync(
            new GateRequest
            {
                Operation = operation,
                Json = JsonSerializer.SerializeToElement(new { name }),
                Caller = caller ?? Hook,
                Key = key,
                Approval = approval,
                Confirmation = confirmation,
                DryRun = dryRun,
                Retry = retry ?? RetryRule.Once,
            },
            cancellationToken ?? TestContext.Current.CancellationToken);

    public async Task<IReadOnlyList<AuditEntry>> AuditAsync()
    {
        var entries = await Store.ReadAuditAsync(1, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        var verdict = await AuditChain.VerifyAsync(entries.ToAsyncEnumerable(), TestContext.Current.CancellationToken);
        Assert.True(verdict.Intact, verdict.Reason);
        return entries;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
