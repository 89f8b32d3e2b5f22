using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using Homelab.Automation.Healing;
using Homelab.Tests;

namespace Homelab.UnitTests.Automation;

/// <summary>Services that are looked at without any monitor.</summary>
public sealed class ProbeFeedTests
{
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(1);

    private readonly QueryDesk _store = new();
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero));
    private readonly List<string> _trouble = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // d is a look that finds it down, u one that finds it up, ? one that cannot be made; the last goes on.
    [Theory]
    [InlineData("d", 1, "Down 1")]
    [InlineData("d", 2, "Down 2")]
    [InlineData("d", 3, "Down 3")]
    [InlineData("dudu", 2, "")]
    [InlineData("dudd", 2, "Down 4")]
    [InlineData("dddu", 2, "Down 2, Up 4")]
    [InlineData("dduudd", 2, "Down 2, Up 3, Down 6")]
    [InlineData("d??du", 2, "Down 4, Up 5")]
    [InlineData("dd?u", 2, "Down 2, Up 4")]
    [InlineData("?", 1, "")]
    [InlineData("u", 1, "")]
    public async Task As_many_failures_in_a_row_as_the_lab_file_says_are_an_alert_and_the_first_success_is_its_end(string looks, int failures, string expected)
    {
        var script = new Script(looks);
        var alerts = await WatchAsync(script, new ServiceDefinition { Check = new CheckDefinition { Tcp = "a:1", Failures = failures } }, looks.Length + 6, expected.Split(',', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(expected, string.Join(", ", alerts.Select(static a => $"{a.Status} {a.Message.Split(' ')[^1]}")));
        Assert.All(alerts, static a => Assert.Equal(("probe", "web"), (a.Source, a.Subject)));
        Assert.Equal(alerts.Count, alerts.Select(static a => a.Fingerprint).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("?", 1)]
    [InlineData("??u??", 2)]
    [InlineData("du", 0)]
    public async Task What_cannot_be_asked_is_told_once_until_it_can_be_again(string looks, int times)
    {
        await WatchAsync(new Script(looks), new ServiceDefinition { Check = new CheckDefinition { Tcp = "a:1" } }, looks.Length + 3);
        Assert.Equal(times, _trouble.Count);
        Assert.All(_trouble, static t => Assert.StartsWith("service 'web' cannot be probed: ", t, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_with_nothing_to_look_at_is_left_alone_and_the_feed_ends_only_when_it_is_cancelled()
    {
        var script = new Script("d");
        using var leaving = new CancellationTokenSource();
        await using var alerts = Feed(script, new ServiceDefinition()).WatchAsync(leaving.Token).GetAsyncEnumerator(Cancellation);
        var next = alerts.MoveNextAsync().AsTask();
        _time.Advance(s_every * 10);
        Assert.False(next.IsCompleted);
        Assert.Equal(0, script.Looks);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    private async Task<IReadOnlyCollection<Alert>> WatchAsync(Script script, ServiceDefinition service, int looks, int tells = 0)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var alerts = new ConcurrentQueue<Alert>();
        var watching = KeepAsync();
        while (script.Looks < looks)
        {
            await _time.ArmedAsync(Cancellation);
            _time.Advance(s_every * 2);
        }

        // Whoever waits again has told what he saw; it is heard a moment later.
        await _time.ArmedAsync(Cancellation);
        await Eventually.HoldsAsync($"{tells} alerts are heard", () => Task.FromResult(alerts.Count >= tells), Cancellation);
        await leaving.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return alerts;

        async Task KeepAsync()
        {
            await foreach (var alert in Feed(script, service).WatchAsync(leaving.Token)) alerts.Enqueue(alert);
        }
    }

    private ProbeFeed Feed(Script script, ServiceDefinition service)
    {
        var gate = new OperationGate(
            new OperationCatalog([script]),
            new Decider(new AccessPolicy(), new GatePolicy(), []),
            new ActionLimits(),
            _store,
            new ApprovalDesk(_store, new ApprovalPolicy(), TimeProvider.System),
            new SecretRedactor(),
            TimeProvider.System);
        var lab = new LabDefinition { Services = new Dictionary<string, ServiceDefinition>(StringComparer.Ordinal) { ["web"] = service } };
        return new ProbeFeed(lab, s_every, new VerificationLadder(gate, hasMonitoring: false, hasGuests: false), _trouble.Add, _time);
    }

    [Operation("network_check_services", Level.Monitor, Risk.Read), Description("Checks services.")]
    private sealed class Script(string looks) : Query<Script.Input, ProbeResult>
    {
        private int _looks;

        internal int Looks => Volatile.Read(ref _looks);

        public sealed record Input
        {
            [Subject, Description("The service.")]
            public string? Service { get; init; }
        }

        protected override async IAsyncEnumerable<ProbeResult> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            var number = Interlocked.Increment(ref _looks);
            yield return new ProbeResult
            {
                Name = "web",
                Kind = "tcp",
                Address = "a:1",
                Status = looks[Math.Min(number, looks.Length) - 1] switch { 'd' => ProbeStatus.Down, 'u' => ProbeStatus.Up, _ => ProbeStatus.Unknown },
                Detail = $"look {number}",
            };
        }
    }
}
