using System.Runtime.CompilerServices;

namespace Homelab.UnitTests.Support;

/// <summary>A store that keeps everything in memory: for tests that need a gate, and nothing that outlives them.</summary>
internal sealed class MemoryGateStore : IGateStore
{
    private readonly Lock _lock = new();
    private readonly List<ChangeRecord> _changes = [];
    private readonly List<AuditEntry> _audit = [];
    private readonly Dictionary<string, Approval> _approvals = new(StringComparer.Ordinal);

    internal IReadOnlyList<ChangeRecord> Changes
    {
        get
        {
            lock (_lock) return [.. _changes];
        }
    }

    internal IReadOnlyList<AuditEntry> Audit
    {
        get
        {
            lock (_lock) return [.. _audit];
        }
    }

    public string Owner => ProcessOwner.Current;

    public TimeSpan TakeOverEvery => Timeout.InfiniteTimeSpan;

    public int LeaseTerm { get; set; } = 1;

    internal Action OnBegun { get; set; } = static () => { };

    public Task<bool> IsAliveAsync(string owner, CancellationToken cancellationToken) => Task.FromResult(ProcessOwner.IsAlive(owner));

    public Task<Admission> BeginAsync(ChangeRecord change, ActionLimits limits, Func<ChangeHistory, IReadOnlyList<Finding>> restraints, AuditEntry entry, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_changes.FirstOrDefault(c => c.Key == change.Key) is { } existing) return Task.FromResult(new Admission { Existing = existing });
            if (change.Approval is not null && !MayUse(change)) return Task.FromResult(new Admission { ApprovalUnusable = true });
            var history = History(change.Target, limits, change.StartedAt);
            var refusals = change.Risk == Risk.Read ? [] : restraints(history);
            if (refusals.Count > 0) return Task.FromResult(new Admission { Refusals = refusals, InFlight = history.InFlight });
            if (change.Approval is { } approval) _approvals[approval] = _approvals[approval] with { Status = ApprovalStatus.Used };
            _changes.Add(change);
            Append(entry);
            OnBegun();
            return Task.FromResult(new Admission());
        }
    }

    public Task EndAsync(ChangeRecord change, AuditEntry entry, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var index = _changes.FindIndex(c => c.Id == change.Id);
            if (index < 0 || _changes[index].Status != ChangeStatus.Open) return Task.CompletedTask;
            _changes[index] = change;
            Append(entry);
            return Task.CompletedTask;
        }
    }

    public Task<ChangeHistory> ReadHistoryAsync(string target, ActionLimits limits, CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult(History(target, limits, DateTimeOffset.UtcNow));
    }

    public Task<IReadOnlyList<ChangeRecord>> ListOpenAsync(CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult<IReadOnlyList<ChangeRecord>>([.. _changes.Where(c => c.Status == ChangeStatus.Open)]);
    }

    public Task AppendAuditAsync(AuditEntry entry, bool durable, CancellationToken cancellationToken)
    {
        lock (_lock) Append(entry);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<AuditEntry> ReadAuditAsync(long fromSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var entry in Audit.Where(e => e.Sequence >= fromSequence)) yield return entry;
    }

    public Task<IReadOnlyList<AuditEntry>> ReadAuditTailAsync(int most, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AuditEntry>>([.. Audit.TakeLast(most)]);

    public Task<Approval> AddApprovalAsync(Approval approval, AuditEntry entry, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var same = _approvals.Values.FirstOrDefault(a => a.Status == ApprovalStatus.Pending && a.Hash == approval.Hash && a.RequestedBy.ToString() == approval.RequestedBy.ToString());
            if (same is not null) return Task.FromResult(same);
            _approvals.Add(approval.Id, approval);
            Append(entry);
            return Task.FromResult(approval);
        }
    }

    public Task<Approval> ReplaceApprovalAsync(Approval approval, AuditEntry entry, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_approvals[approval.Id].Version != approval.Version) throw new HomelabException(ErrorKind.Conflict, "ApprovalClosed", "Somebody answered in between.", approval.Id);
            var next = approval with { Version = approval.Version + 1 };
            _approvals[approval.Id] = next;
            Append(entry);
            return Task.FromResult(next);
        }
    }

    public Task<Approval?> FindApprovalAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult(_approvals.GetValueOrDefault(id));
    }

    public Task<IReadOnlyList<Approval>> ListApprovalsAsync(ApprovalStatus status, CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult<IReadOnlyList<Approval>>([.. _approvals.Values.Where(a => a.Status == status).OrderBy(a => a.RequestedAt)]);
    }

    private bool MayUse(ChangeRecord change) =>
        _approvals.TryGetValue(change.Approval!, out var approval) && approval.Status == ApprovalStatus.Approved && approval.ExpiresAt > change.StartedAt;

    private ChangeHistory History(string target, ActionLimits limits, DateTimeOffset now)
    {
        var own = _changes.Where(c => c.Target == target).ToArray();
        return new ChangeHistory(
            own.FirstOrDefault(c => c.Status == ChangeStatus.Open),
            own.Where(c => c.Risk >= Risk.Disrupt).Max(c => c.EndedAt),
            own.Count(c => c.Caller.IsUnattended && c.StartedAt > now - limits.Per),
            _changes.Count(c => c.Caller.IsUnattended && c.StartedAt > now - limits.RatePer));
    }

    private void Append(AuditEntry entry) => _audit.Add(AuditChain.Link(entry, _audit.Count + 1, _audit.Count == 0 ? AuditChain.Root : _audit[^1].Hash));
}
