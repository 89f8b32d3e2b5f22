using System.Collections.Concurrent;
using System.Text.Json;

namespace Homelab.Tests;

/// <summary>Asks queries through the real gate, for which nothing has to be stored but the audit.</summary>
public sealed class QueryDesk : IGateStore
{
    // Queries are asked side by side.
    private readonly ConcurrentQueue<AuditEntry> _audit = new();

    /// <summary>What the gate wrote down.</summary>
    public IReadOnlyList<AuditEntry> Audit => [.. _audit];

    /// <inheritdoc/>
    public string Owner => ProcessOwner.Current;

    /// <inheritdoc/>
    public TimeSpan TakeOverEvery => Timeout.InfiniteTimeSpan;

    /// <inheritdoc/>
    public int LeaseTerm => 1;

    /// <inheritdoc/>
    public Task<bool> IsAliveAsync(string owner, CancellationToken cancellationToken) => Task.FromResult(ProcessOwner.IsAlive(owner));

    /// <summary>Asks one operation, as a person at a prompt.</summary>
    public async Task<IReadOnlyList<T>> AskAsync<T>(IEnumerable<Operation> operations, string operation, object input, CancellationToken cancellationToken)
    {
        var items = new List<T>();
        await AskAsync(operations, operation, input, items, cancellationToken);
        return items;
    }

    /// <summary>Asks one operation, and keeps what came before it failed.</summary>
    public async Task AskAsync<T>(IEnumerable<Operation> operations, string operation, object input, ICollection<T> into, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(into);
        var gate = new OperationGate(
            new OperationCatalog(operations),
            new Decider(new AccessPolicy(), new GatePolicy(), []),
            new ActionLimits(),
            this,
            new ApprovalDesk(this, new ApprovalPolicy(), TimeProvider.System),
            new SecretRedactor(),
            TimeProvider.System);
        var request = new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(input), Caller = new Caller(Face.Interactive, "test") };
        await foreach (var item in gate.QueryAsync(request, cancellationToken)) into.Add((T)item);
    }

    public Task AppendAuditAsync(AuditEntry entry, bool durable, CancellationToken cancellationToken)
    {
        _audit.Enqueue(entry);
        return Task.CompletedTask;
    }

    public Task<Admission> BeginAsync(ChangeRecord change, ActionLimits limits, Func<ChangeHistory, IReadOnlyList<Finding>> restraints, AuditEntry entry, CancellationToken cancellationToken) => throw OnlyQueries();

    public Task EndAsync(ChangeRecord change, AuditEntry entry, CancellationToken cancellationToken) => throw OnlyQueries();

    public Task<ChangeHistory> ReadHistoryAsync(string target, ActionLimits limits, CancellationToken cancellationToken) => throw OnlyQueries();

    public Task<IReadOnlyList<ChangeRecord>> ListOpenAsync(CancellationToken cancellationToken) => throw OnlyQueries();

    public IAsyncEnumerable<AuditEntry> ReadAuditAsync(long fromSequence, CancellationToken cancellationToken) => throw OnlyQueries();

    public Task<IReadOnlyList<AuditEntry>> ReadAuditTailAsync(int most, CancellationToken cancellationToken) => throw OnlyQueries();

    public Task<Approval> AddApprovalAsync(Approval approval, AuditEntry entry, CancellationToken cancellationToken) => throw OnlyQueries();

    public Task<Approval> ReplaceApprovalAsync(Approval approval, AuditEntry entry, CancellationToken cancellationToken) => throw OnlyQueries();

    public Task<Approval?> FindApprovalAsync(string id, CancellationToken cancellationToken) => throw OnlyQueries();

    public Task<IReadOnlyList<Approval>> ListApprovalsAsync(ApprovalStatus status, CancellationToken cancellationToken) => throw OnlyQueries();

    private static InvalidOperationException OnlyQueries() => new("Only queries are asked here.");
}
