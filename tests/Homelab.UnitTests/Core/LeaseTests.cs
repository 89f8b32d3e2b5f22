using System.Text.Json;
using Homelab.UnitTests.Support;

namespace Homelab.UnitTests.Core;

/// <summary>A process that was frozen between the journal and the deed.</summary>
public sealed class LeaseTests
{
    private readonly MemoryGateStore _store = new();
    private readonly RestartThing _restart = new();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_change_whose_lease_did_not_run_on_is_written_down_as_not_done(int term)
    {
        _store.OnBegun = () => _store.LeaseTerm = term;

        var error = await Assert.ThrowsAsync<HomelabException>(InvokeAsync);

        Assert.Equal((StateTrouble.LeaseLost, true), (error.Id, error.NothingHappened));
        Assert.Equal(0, _restart.Runs);
        Assert.Equal(ChangeStatus.NotDone, Assert.Single(_store.Changes).Status);
        Assert.Equal([AuditKind.Intent, AuditKind.Outcome], _store.Audit.Select(e => e.Kind));
    }

    [Fact]
    public async Task What_others_have_settled_meanwhile_stays_as_they_have_seen_it()
    {
        _store.OnBegun = () =>
        {
            _store.LeaseTerm = 2;
            var open = _store.Changes[^1];
            var settled = new AuditEntry { Time = open.StartedAt, Kind = AuditKind.Settled, Operation = open.Operation, Target = open.Target, Trigger = "webhook", Identity = "another host" };
            Assert.True(_store.EndAsync(open with { Status = ChangeStatus.Unknown }, settled, CancellationToken.None).IsCompletedSuccessfully);
        };

        await Assert.ThrowsAsync<HomelabException>(InvokeAsync);

        Assert.Equal(ChangeStatus.Unknown, Assert.Single(_store.Changes).Status);
    }

    [Fact]
    public async Task Nothing_is_done_without_a_lease()
    {
        _store.LeaseTerm = 0;

        await Assert.ThrowsAsync<HomelabException>(InvokeAsync);

        Assert.Equal(0, _restart.Runs);
    }

    [Fact]
    public async Task With_a_lease_that_runs_on_it_is_done()
    {
        await InvokeAsync();

        Assert.Equal(1, _restart.Runs);
    }

    private Task<GateOutcome> InvokeAsync()
    {
        var decider = new Decider(new AccessPolicy { Webhook = Level.Manage }, new GatePolicy(), []);
        var gate = new OperationGate(new OperationCatalog([_restart]), decider, new ActionLimits(), _store, new ApprovalDesk(_store, new ApprovalPolicy(), TimeProvider.System), new SecretRedactor(), TimeProvider.System);
        var request = new GateRequest { Operation = "sample_restart_thing", Json = JsonSerializer.SerializeToElement(new { name = "web" }), Caller = GateBench.Hook };
        return gate.InvokeAsync(request, TestContext.Current.CancellationToken);
    }
}
