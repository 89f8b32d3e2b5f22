using System.Text;
using Homelab.State;
using Homelab.SystemTests.Web;

namespace Homelab.SystemTests.Cli;

public sealed class ServeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_heals_an_alert_from_end_to_end_in_lines_of_JSON_and_stops_when_told()
    {
        await using var bench = await CliBench.OpenAsync();
        var (serve, url) = await bench.ServeAsync("--lab", "homelab.yaml");
        await bench.CrashAsync("gitea", "Gitea");
        bench.Stage.Homelab.Kuma.StartChecking();
        Assert.NotEmpty((await serve.EventAsync("recovered", "gitea")).GetProperty("incident").GetString()!);
        // Else it may be told of after the stopping.
        await serve.EventAsync("noticeSent");
        Assert.Contains("Auto-Recovery: gitea", (await bench.Stage.Homelab.Telegram.NextAsync(Cancellation)).Text, StringComparison.Ordinal);
        Assert.Equal([$"/containers/{bench.Stage.Homelab.ContainerOf("gitea").Id}/restart"], bench.Stage.Homelab.Changes.Select(c => c.Path));

        // Others read beside it.
        var (code, output, _) = await bench.RunAsync("audit", "verify");
        Assert.Equal(0, code);
        Assert.Matches("^intact: [0-9]+ lines, head [0-9a-f]{64}$", output);
        (code, output, _) = await bench.RunAsync("audit", "list");
        Assert.Equal(0, code);
        Assert.Contains("webhook:uptime-alert docker_restart_container container:gitea@dev", output, StringComparison.Ordinal);

        // A second one does not get its port.
        bench.Stage.Write("second.yaml", bench.Stage.Homelab.LabFile().Replace("127.0.0.1:0", $"127.0.0.1:{url.Port}\", state: \"second.db", StringComparison.Ordinal));
        (code, output, var errors) = await bench.RunAsync("serve", "-l", "second.yaml");
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith($"AddressUnusable: Cannot listen on 127.0.0.1:{url.Port}: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);

        await serve.SignalAsync("TERM");
        Assert.Equal(0, await serve.EndAsync());
        Assert.Equal("", serve.Errors);
        Assert.Contains("\"event\":\"stopping\"", serve.Output.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delivery_that_is_under_way_when_it_is_told_to_stop_is_still_taken_in()
    {
        await using var bench = await CliBench.OpenAsync();
        var (serve, url) = await bench.ServeAsync();
        var body = Encoding.UTF8.GetBytes(WebBench.Beat("Gitea", 0, 1));
        using var http = await RawHttp.ConnectAsync(url);
        await http.WriteAsync(RawHttp.Request("POST /hook/uptime-alert HTTP/1.1", ["Host: x", $"Authorization: Bearer {bench.Stage.Homelab.Tokens.Hook}", $"Content-Length: {body.Length}", "Expect: 100-continue"], []));
        // It has the headers and asks for the body: now it is under way.
        Assert.Equal(100, (await http.ReadAsync()).Status);
        await serve.SignalAsync("TERM");
        await serve.EventAsync("stopping");
        await http.WriteAsync(body);
        var (alert, isDuplicate, incident) = (await http.ReadAsync()).AsWeb.Receipt();
        Assert.False(isDuplicate);
        Assert.Equal(0, await serve.EndAsync());

        await using (var store = await SqliteStore.OpenAsync(bench.Stage.StateFile, TimeProvider.System, Cancellation))
        {
            Assert.Equal(alert, Assert.Single(await store.ListAlertsAsync(10, Cancellation)).Id);
            Assert.Equal(incident, Assert.Single(await store.ListOpenIncidentsAsync(Cancellation)).Id);
        }

        // The next one takes it up: gitea is well, so it is closed.
        var (next, _) = await bench.ServeAsync();
        Assert.Equal(incident, (await next.EventAsync("recovered", "gitea")).GetProperty("incident").GetString());
        await next.SignalAsync("INT");
        Assert.Equal(0, await next.EndAsync());
    }

    [Fact]
    public async Task A_sender_that_never_ends_does_not_keep_it_from_stopping()
    {
        await using var bench = await CliBench.OpenAsync();
        var (serve, url) = await bench.ServeAsync();
        using var http = await RawHttp.ConnectAsync(url);
        await http.WriteAsync(RawHttp.Request("POST /hook/uptime-alert HTTP/1.1", ["Host: x", $"Authorization: Bearer {bench.Stage.Homelab.Tokens.Hook}", "Content-Length: 1000", "Expect: 100-continue"], []));
        Assert.Equal(100, (await http.ReadAsync()).Status);
        await serve.SignalAsync("TERM");
        Assert.Equal(0, await serve.EndAsync());
        Assert.Equal("", serve.Errors);
    }

    [Fact]
    public async Task A_lab_file_with_mistakes_is_refused_with_all_of_them_and_their_places()
    {
        await using var bench = await CliBench.OpenAsync(static lab => lab
            .Replace("tier: critical", "tier: crucial", StringComparison.Ordinal)
            .Replace("dependsOn: [dns, postgres]", "dependsOn: [dns, postgras]", StringComparison.Ordinal)
            .Replace("standardDelay:", "standardDelai:", StringComparison.Ordinal));
        var lines = await File.ReadAllLinesAsync(bench.Stage.LabFile, Cancellation);
        var (code, output, errors) = await bench.RunAsync("serve");
        Assert.Equal((2, ""), (code, output));
        foreach (var wrong in (string[])["crucial", "postgras", "standardDelai"])
        {
            for (var line = 0; line < lines.Length; line++)
            {
                var column = lines[line].IndexOf(wrong, StringComparison.Ordinal);
                if (column >= 0) Assert.Contains($"{bench.Stage.LabFile}:{line + 1}:{column + 1}: ", errors, StringComparison.Ordinal);
            }
        }

        Assert.Contains("Did you mean 'postgres'?", errors, StringComparison.Ordinal);
        Assert.EndsWith("mistakes; nothing was started.", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(bench.Stage.StateFile));
        Assert.Equal(1, (await bench.RunAsync("check", "--offline")).Code);
    }

    [Theory]
    [InlineData("listen: \"127.0.0.1:0\"", "listen: \"192.0.2.1:18789\"", 1, "AddressUnusable: Cannot listen on 192.0.2.1:18789: ")]
    [InlineData("env:HOMELAB_SIMULATED_HOOK_TOKEN", "env:HOMELAB_NO_SUCH_TOKEN", 2, ": hooks.uptime-alert.token cannot be opened. The secret env:HOMELAB_NO_SUCH_TOKEN was not found")]
    [InlineData("env:HOMELAB_SIMULATED_HOOK_TOKEN", "in-clear-by-mistake", 2, ": hooks.uptime-alert.token ")]
    [InlineData("hooks:\n", "rest: { dashboard: { token: \"env:HOMELAB_NO_SUCH_TOKEN\" } }\nhooks:\n", 2, ": rest.dashboard.token cannot be opened. The secret env:HOMELAB_NO_SUCH_TOKEN was not found")]
    [InlineData("hooks:\n", "rest: { one: { token: \"env:HOMELAB_SIMULATED_HOOK_TOKEN\" }, two: { token: \"file:../../../../../../proc/self/comm\" }, three: { token: \"file:/proc/self/comm\" } }\nhooks:\n", 2, ": rest.three.token opens the same token as rest.two")]
    [InlineData("webhook: operate", "webhook: monitor", 2, "spec.level is Operate, and alerts may only set off Monitor")]
    public async Task What_cannot_be_served_is_said_in_one_sentence(string from, string to, int expected, string says)
    {
        await using var bench = await CliBench.OpenAsync(lab => lab.Replace(from, to, StringComparison.Ordinal));
        var (code, output, errors) = await bench.RunAsync("serve");
        Assert.Equal((expected, ""), (code, output));
        Assert.Contains(says, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("in-clear-by-mistake", errors, StringComparison.Ordinal);
    }
}
