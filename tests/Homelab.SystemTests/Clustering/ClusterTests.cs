using System.Net;
using System.Text.RegularExpressions;
using Homelab.Lab.Docker;
using Homelab.Tests;

namespace Homelab.SystemTests.Clustering;

/// <summary>Two <c>homelab serve</c> on one PostgreSQL database and one lab.</summary>
public sealed partial class ClusterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_alert_to_both_hosts_at_once_is_one_incident_one_action_and_one_message()
    {
        const int Services = 10;
        await using var stage = await ClusterStage.OpenAsync(Services, await PostgresServer.SharedAsync(), Cancellation);
        var (_, one) = await stage.ServeAsync();
        var (_, two) = await stage.ServeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, Services).SelectMany(i => new[] { stage.SendAsync(one, i), stage.SendAsync(two, i) }));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Accepted, a));
        await using var store = await stage.OpenStoreAsync();
        await ClusterStage.UntilQuietAsync(store, Services);
        var incidents = await store.ListIncidentsAsync(100, Cancellation);
        Assert.Equal(Enumerable.Range(0, Services).Select(ClusterStage.Name).Order(StringComparer.Ordinal), incidents.Select(i => i.Service).Order(StringComparer.Ordinal));
        Assert.All(incidents, i => Assert.Equal(IncidentStatus.Recovered, i.Status));
        Assert.Equal(Services, (await store.ListAlertsAsync(100, Cancellation)).Count);
        Assert.Equal(Services, stage.Engine.Changes.Count);
        Assert.Equal(Services, stage.Telegram.Messages.Select(m => m.Text.Split('\n')[0]).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Services, stage.Telegram.Messages.Count);
    }

    [Fact]
    public async Task A_storm_of_alerts_to_both_changes_no_target_twice_within_its_cooldown()
    {
        const int Services = 50;
        const int AlertsOfEach = 4;
        await using var stage = await ClusterStage.OpenAsync(Services, await PostgresServer.SharedAsync(), Cancellation);
        var hosts = new[] { (await stage.ServeAsync()).Url, (await stage.ServeAsync()).Url };

        var answers = await Task.WhenAll(Enumerable.Range(0, Services * AlertsOfEach).Select(i => stage.SendAsync(hosts[i % 2], i % Services, second: i / Services)));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Accepted, a));
        await using var store = await stage.OpenStoreAsync();
        await ClusterStage.UntilQuietAsync(store, Services);
        Assert.Equal(Services * AlertsOfEach, (await store.ListAlertsAsync(1000, Cancellation)).Count);
        Assert.All(stage.Containers, c => Assert.True(c.Running));
        var lines = await store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation);
        Assert.True((await AuditChain.VerifyAsync(lines.ToAsyncEnumerable(), Cancellation)).Intact);
        Assert.All(lines.Where(l => l.Kind == AuditKind.Intent).GroupBy(l => l.Target), target => Assert.Single(target));
        Assert.All(stage.Containers, c => Assert.Single(stage.Engine.Changes, r => r.Path.Contains(c.Id, StringComparison.Ordinal)));
        // Both had a part in it: what is proved is not that one of them slept.
        Assert.Equal(2, (await store.ListIncidentsAsync(1000, Cancellation)).Select(i => i.Owner).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task While_the_database_is_away_alerts_are_turned_away_and_afterwards_healing_goes_on()
    {
        await using var server = await PostgresServer.OfItsOwnAsync();
        await using var stage = await ClusterStage.OpenAsync(2, server, Cancellation, lease: "3s");
        var (one, first) = await stage.ServeAsync();
        var (_, second) = await stage.ServeAsync();
        // The first service's restart is under way while the database goes.
        stage.Engine.Fail(new EngineFault { Kind = EngineFaultKind.Slow, Method = "POST", Path = "/containers/*/restart", Delay = TimeSpan.FromSeconds(5) });
        Assert.Equal(HttpStatusCode.Accepted, await stage.SendAsync(first, 0));
        await Eventually.HoldsAsync("the engine has the request", () => Task.FromResult(stage.Engine.Changes.Count > 0), Cancellation);

        await server.StopAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await stage.SendAsync(first, 1));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await stage.SendAsync(second, 1));
        // Longer than the lease, and until the restart has ended with nobody to write it down.
        await one.EventAsync("trouble");
        await Eventually.HoldsAsync("the container was restarted", () => Task.FromResult(stage.Containers[0].Running), Cancellation);

        await server.StartAgainAsync();

        await Eventually.HoldsAsync("the alert is taken", async () => await stage.SendAsync(second, 1) == HttpStatusCode.Accepted, Cancellation);
        await using var store = await stage.OpenStoreAsync();
        await ClusterStage.UntilQuietAsync(store, 2);
        Assert.All(await store.ListIncidentsAsync(10, Cancellation), i => Assert.Equal(IncidentStatus.Recovered, i.Status));
        Assert.Equal(2, stage.Engine.Changes.Count);
        Assert.Empty(await store.ListOpenAsync(Cancellation));
        Assert.True((await AuditChain.VerifyAsync(store.ReadAuditAsync(1, Cancellation), Cancellation)).Intact);
    }

    [Fact]
    public async Task A_moment_of_the_clock_is_fired_by_one_host_alone_and_goes_on_when_that_one_dies()
    {
        await using var stage = await ClusterStage.OpenAsync(1, await PostgresServer.SharedAsync(), Cancellation, lease: "3s");
        stage.Write("runbooks/tick.yaml", """
            apiVersion: homelab/v1
            kind: Runbook
            metadata: { name: tick }
            spec:
              level: monitor
              trigger: { schedule: { every: 1s } }
              throttle: { cooldown: 0s, attempts: 1000, per: 1s }
              steps: [ { id: look, do: docker_list_containers } ]
            """);
        var one = stage.Start("serve");
        var two = stage.Start("serve");
        await one.EventAsync("ready");
        await two.EventAsync("ready");
        await Eventually.HoldsAsync("six moments have come", () => Task.FromResult(Fired(one).Count + Fired(two).Count >= 6), Cancellation);

        await one.SignalAsync("KILL");
        await one.EndAsync();
        var before = Fired(two).Count;
        await Eventually.HoldsAsync("the other one goes on", () => Task.FromResult(Fired(two).Count >= before + 3), Cancellation);

        var moments = Fired(one).Concat(Fired(two)).ToList();
        Assert.Equal(moments.Count, moments.Distinct(StringComparer.Ordinal).Count());
        await using var store = await stage.OpenStoreAsync();
        var runs = await store.ListRunsAsync(new RunFilter { Runbook = "tick", Most = 1000 }, Cancellation);
        Assert.InRange(runs.Count, moments.Count - 1, moments.Count + 1);
    }

    [Fact]
    public async Task The_database_is_looked_at_by_check_and_its_password_is_told_to_nobody()
    {
        await using var server = await PostgresServer.OfItsOwnAsync();
        await using var stage = await ClusterStage.OpenAsync(1, server, Cancellation);

        Assert.Contains("it is empty", await CheckAsync(stage), StringComparison.Ordinal);
        await using (await stage.OpenStoreAsync())
        {
        }

        Assert.Contains("every table can be read and written", await CheckAsync(stage), StringComparison.Ordinal);
        await server.StopAsync();
        var said = await CheckAsync(stage);
        Assert.Contains("state database", said, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", said, StringComparison.Ordinal);
    }

    private static async Task<string> CheckAsync(ClusterStage stage)
    {
        var check = stage.Start("check");
        await check.EndAsync();
        return string.Join('\n', check.Output) + check.Errors;
    }

    private static List<string> Fired(Cli.CliProcess host) => [.. host.Output.Where(static l => l.Contains("\"scheduleFired\"", StringComparison.Ordinal)).Select(static l => Moment().Match(l).Value)];

    [GeneratedRegex("at [0-9-]+ [0-9:]+Z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Moment();
}
