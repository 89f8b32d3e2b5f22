using Homelab.Automation.Healing;
using Homelab.Tests;

namespace Homelab.UnitTests.Automation;

/// <summary>Services that are looked at without any monitor.</summary>
public sealed class ProbeFeedTests
{
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(1);

    private readonly HealingWorld _world = new();
    private readonly QueryDesk _store = new();
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero));
    private readonly List<string> _trouble = [];
    private Task? _armed;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task As_many_failures_in_a_row_as_the_lab_file_says_are_an_alert_and_the_first_success_is_its_end(int failures)
    {
        _world.Set("web", false);
        await using var alerts = Watch(new ServiceDefinition { Check = new CheckDefinition { Tcp = "a:1", Failures = failures } });
        var down = await NextAsync(alerts);
        Assert.Equal(("probe", AlertStatus.Down, "web", failures), (down.Source, down.Status, down.Subject, _store.Audit.Count));
        _world.Set("web", true);
        var looks = _store.Audit.Count;
        var up = await NextAsync(alerts);
        Assert.Equal((AlertStatus.Up, "web", looks + 1), (up.Status, up.Subject, _store.Audit.Count));
        Assert.NotEqual(down.Fingerprint, up.Fingerprint, StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_asked_is_no_alert_and_is_told_once()
    {
        _world.EngineSilent = true;
        await using var alerts = Watch(new ServiceDefinition { Container = new ContainerRef("web@dev") });
        var next = alerts.MoveNextAsync().AsTask();
        while (_store.Audit.Count < 5) await TickAsync(next);
        Assert.False(next.IsCompleted);
        Assert.Contains("service 'web' cannot be probed", Assert.Single(_trouble), StringComparison.Ordinal);
        _world.EngineSilent = false;
        _world.Set("web", false);
        while (!next.IsCompleted) await TickAsync(next);
        Assert.True(await next);
        Assert.Equal(AlertStatus.Down, alerts.Current.Status);
        Assert.Single(_trouble);
    }

    [Fact]
    public async Task A_service_with_nothing_to_look_at_is_left_alone()
    {
        await using var alerts = Watch(new ServiceDefinition());
        var next = alerts.MoveNextAsync().AsTask();
        await TickAsync(next);
        Assert.False(next.IsCompleted);
        Assert.Empty(_store.Audit);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            using var leaving = new CancellationTokenSource();
            await leaving.CancelAsync();
            await foreach (var _ in Feed(new ServiceDefinition()).WatchAsync(leaving.Token))
            {
            }
        });
    }

    private IAsyncEnumerator<Alert> Watch(ServiceDefinition service) => Stop(Feed(service).WatchAsync(_leaving.Token));

    private readonly CancellationTokenSource _leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

    private IAsyncEnumerator<Alert> Stop(IAsyncEnumerable<Alert> alerts) => new Stopping(alerts.GetAsyncEnumerator(Cancellation), _leaving);

    private ProbeFeed Feed(ServiceDefinition service)
    {
        var gate = new OperationGate(
            new OperationCatalog(_world.Operations),
            new Decider(new AccessPolicy(), new GatePolicy(), []),
            new ActionLimits(),
            _store,
            new ApprovalDesk(_store, new ApprovalPolicy(), TimeProvider.System),
            new SecretRedactor(),
            TimeProvider.System);
        var lab = new LabDefinition { Services = new Dictionary<string, ServiceDefinition>(StringComparer.Ordinal) { ["web"] = service } };
        return new ProbeFeed(lab, s_every, new VerificationLadder(gate, hasMonitoring: false), _trouble.Add, _time);
    }

    private async Task<Alert> NextAsync(IAsyncEnumerator<Alert> alerts)
    {
        var next = alerts.MoveNextAsync().AsTask();
        while (!next.IsCompleted) await TickAsync(next);
        Assert.True(await next);
        return alerts.Current;
    }

    // Until somebody waits, and then over his wait.
    private async Task TickAsync(Task orUntil)
    {
        _armed ??= _time.ArmedAsync(Cancellation).AsTask();
        if (await Task.WhenAny(orUntil, _armed) != _armed) return;
        _armed = null;
        _time.Advance(s_every * 2);
    }

    // A feed ends when it is cancelled, and only then.
    private sealed class Stopping(IAsyncEnumerator<Alert> alerts, CancellationTokenSource leaving) : IAsyncEnumerator<Alert>
    {
        private Task<bool>? _moving;

        public Alert Current => alerts.Current;

        public ValueTask<bool> MoveNextAsync() => new(_moving = alerts.MoveNextAsync().AsTask());

        public async ValueTask DisposeAsync()
        {
            await leaving.CancelAsync();
            if (_moving is not null) await ((Task)_moving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await alerts.DisposeAsync();
            leaving.Dispose();
        }
    }
}
