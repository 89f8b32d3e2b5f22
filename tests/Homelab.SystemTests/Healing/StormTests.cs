using System.Net.Sockets;
using Homelab.Automation.Healing;
using Homelab.Lab.Docker;
using Homelab.SystemTests.Web;
using Homelab.Tests;

namespace Homelab.SystemTests.Healing;

/// <summary>A storm of twenty-eight containers of one machine, as the program sees it: over HTTP, with real requests to an engine.</summary>
public sealed class StormTests
{
    private static readonly string[] s_apps = [.. Enumerable.Range(1, 28).Select(static i => $"app-{i:00}")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_their_machine_dies_there_is_one_incident_one_message_and_nothing_is_done_until_it_is_back()
    {
        await using var bench = await OpenAsync("");
        var engine = bench.Stage.Homelab.Engines["dev"];
        await engine.GoDownAsync();
        // A process that this one is just starting holds all its ports until it runs: who knocks then is let in, and thrown out.
        await UntilAsync("its engine lets nobody in", () => IsClosedAsync(new Uri(engine.TcpEndpoint!)));
        await ReportAsync(bench);
        await bench.Events.FirstAsync(HealingEventKind.Escalated, "host:dev", Cancellation);
        await UntilAsync("28 members", async () => (await OpenAsync(bench)).Count(static i => i.Parent is not null) == 28);

        var root = Assert.Single(await OpenAsync(bench), static i => i.Parent is null);
        Assert.Equal(("host:dev", IncidentStatus.Escalated), (root.Service, root.Status));
        await UntilAsync("a message", () => Task.FromResult(bench.Stage.Homelab.Telegram.Messages.Count == 1));
        Assert.Empty(bench.Stage.Homelab.Changes);

        await engine.ComeUpAsync(Cancellation);
        await UntilAsync("all closed", async () => (await OpenAsync(bench)).Count == 0);
        await UntilAsync("a second message", () => Task.FromResult(bench.Stage.Homelab.Telegram.Messages.Count == 2));
        var told = bench.Stage.Homelab.Telegram.Messages.Last().Text;
        Assert.True(told.Contains("It was the cause of 28 more. Back: app-01", StringComparison.Ordinal), told);
        Assert.Empty(bench.Stage.Homelab.Changes);
        Assert.All(await bench.Runtime.Store.ListIncidentsAsync(100, Cancellation), static i => Assert.Equal(IncidentStatus.Recovered, i.Status));
    }

    [Fact]
    public async Task When_the_database_of_all_dies_there_is_one_incident_one_change_and_one_message()
    {
        await using var bench = await OpenAsync("    dependsOn: [ postgres ]\n");
        bench.Stage.Homelab.ContainerOf("postgres").Crash();
        await ReportAsync(bench);
        await bench.Events.FirstAsync(HealingEventKind.Recovered, "postgres", Cancellation);
        await UntilAsync("a message", () => Task.FromResult(bench.Stage.Homelab.Telegram.Messages.Count > 0));

        var root = Assert.Single(await bench.Runtime.Store.ListIncidentsAsync(new IncidentFilter { OnlyRoots = true }, Cancellation));
        Assert.Equal(("postgres", IncidentStatus.Recovered), (root.Service, root.Status));
        Assert.Equal($"/containers/{bench.Stage.Homelab.ContainerOf("postgres").Id}/restart", Assert.Single(bench.Stage.Homelab.Changes).Path);
        Assert.Single(await bench.Runtime.Store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation), static l => l.Kind == AuditKind.Intent);
        Assert.Equal(28, (await bench.Runtime.Store.ReportAsync(root, Cancellation)).Members.Count(static m => m.Status == IncidentStatus.Recovered));
        Assert.Contains("cause of 28 more", Assert.Single(bench.Stage.Homelab.Telegram.Messages).Text, StringComparison.Ordinal);
    }

    private static async Task<WebBench> OpenAsync(string more)
    {
        var services = string.Concat(s_apps.Select(name => $"  {name}:\n    container: {name}@dev\n    tier: critical\n{more}"));
        var bench = await WebBench.OpenAsync(Cancellation, lab => lab.Replace("services:\n", "services:\n" + services, StringComparison.Ordinal));
        foreach (var name in s_apps) bench.Stage.Homelab.Engines["dev"].Add(new SimulatedContainerSpec { Name = name, Image = "nginx:1.29" });
        return bench;
    }

    private static Task ReportAsync(WebBench bench) => Task.WhenAll(s_apps.Select(async (name, second) =>
    {
        var answer = await bench.PostAsync(WebBench.Beat(name, 0, second));
        Assert.Equal(202, answer.Status);
    }));

    private static Task<IReadOnlyList<Incident>> OpenAsync(WebBench bench) => bench.Runtime.Store.ListOpenIncidentsAsync(Cancellation);

    private static async Task<bool> IsClosedAsync(Uri endpoint)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(endpoint.Host, endpoint.Port, Cancellation);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static Task UntilAsync(string what, Func<Task<bool>> condition) => Eventually.HoldsAsync(what, condition, Cancellation, TimeSpan.FromMinutes(3));
}
