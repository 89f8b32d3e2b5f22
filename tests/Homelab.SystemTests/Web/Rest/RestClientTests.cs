using Homelab.Tests;

namespace Homelab.SystemTests.Web.Rest;

/// <summary>Who is let in.</summary>
public sealed class RestClientTests
{
    public static TheoryData<string, string> Routes => new()
    {
        { "GET", "/api/vms" },
        { "GET", "/api/vms/100/status" },
        { "GET", "/api/nodes" },
        { "GET", "/api/storage" },
        { "GET", "/api/cluster/status" },
        { "POST", "/api/vms/100/start" },
        { "POST", "/api/vms/100/stop" },
        { "POST", "/api/vms/100/shutdown" },
        { "POST", "/api/vms/100/reboot" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public void Each_route_is_told_in_the_documents(string method, string path) =>
        Assert.Contains($"`{method} {path.Replace("100", "{vmid}", StringComparison.Ordinal)}`", File.ReadAllText(Path.Combine(Repository.Root, "docs", "rest.md")), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Without_the_right_token_no_route_says_or_does_anything(string method, string path)
    {
        await using var bench = await RestBench.OpenAsync();
        foreach (var token in (string?[])[null, "", "wrong", RestBench.Dashboard + "x", "file:dashboard.token", bench.Web.Token])
        {
            var reply = await bench.SendAsync(new HttpMethod(method), path, token, body: null, known: null);
            Assert.Equal((401, "TokenRefused"), (reply.Status, reply.Problem()));
            Assert.Equal("Bearer", reply.Headers.WwwAuthenticate.ToString());
        }

        Assert.Empty(bench.Cluster.Requests);
        Assert.DoesNotContain(await bench.AuditAsync(), l => l.Trigger == "rest");
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Without_a_client_in_the_lab_file_a_route_says_how_to_add_one_and_nothing_else(string method, string path)
    {
        await using var bench = await RestBench.OpenAsync(static lab => lab[..lab.IndexOf("rest:\n", StringComparison.Ordinal)] + lab[lab.IndexOf("hooks:\n", StringComparison.Ordinal)..]);
        var reply = await bench.SendAsync(new HttpMethod(method), path, bench.Web.Token, body: null, known: null);
        Assert.Equal((404, "RestNotConfigured"), (reply.Status, reply.Problem()));
        Assert.Contains("rest: { dashboard: { token:", reply.Body.Replace("\\u0022", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(bench.Cluster.Requests);
    }

    [Fact]
    public async Task Who_guesses_is_not_listened_to_any_more_not_even_with_the_right_token()
    {
        await using var bench = await RestBench.OpenAsync();
        for (var guess = 0; guess < 10; guess++)
        {
            // A right one between does not make the wrong ones forgotten.
            if (guess is 9) Assert.Equal(200, (await bench.GetAsync("/api/approvals")).Status);
            Assert.Equal(401, (await bench.GetAsync("/api/vms", token: $"guess-{guess}")).Status);
        }

        var reply = await bench.GetAsync("/api/vms");
        Assert.Equal((429, "TokenGuessed"), (reply.Status, reply.Problem()));
        Assert.InRange(reply.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        // Hooks have their own door.
        Assert.Equal(202, (await bench.Web.PostAsync(WebBench.Beat("nobody knows it", 0, 1))).Status);
        Assert.Contains(bench.Web.Events.All, e => e.Text.StartsWith("10 wrong REST tokens came from 127.0.0.1 within a minute", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Asking_without_any_token_is_no_guess()
    {
        await using var bench = await RestBench.OpenAsync();
        for (var i = 0; i < 20; i++) Assert.Equal(401, (await bench.GetAsync("/api/vms", token: null)).Status);
        Assert.Equal(200, (await bench.GetAsync("/api/vms")).Status);
    }

    [Fact]
    public async Task A_rotated_token_works_at_once_and_one_that_is_gone_keeps_only_its_own_client_out()
    {
        await using var bench = await RestBench.OpenAsync();
        bench.Web.Stage.Write("dashboard.token", "another-one");
        Assert.Equal(401, (await bench.GetAsync("/api/vms")).Status);
        Assert.Equal(200, (await bench.GetAsync("/api/vms", token: "another-one")).Status);

        File.Delete(Path.Combine(bench.Web.Stage.Folder, "dashboard.token"));
        Assert.Equal(200, (await bench.GetAsync("/api/vms", token: RestBench.Viewer)).Status);
        var reply = await bench.GetAsync("/api/vms", token: "another-one");
        Assert.Equal((503, "ClientTokenMissing"), (reply.Status, reply.Problem()));
        Assert.DoesNotContain("dashboard", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("level: operate", "level: monitor", "rest:dashboard has level Monitor")]
    [InlineData("rest: configure }", "rest: monitor }", "rest:dashboard has level Monitor")]
    [InlineData("rest: configure }", "rest: operate, identities: { \"rest:dashboard\": monitor } }", "rest:dashboard has level Monitor")]
    // Never raises what the policy gives, and is never raised by it.
    [InlineData("level: operate", "level: manage", null)]
    [InlineData("rest: configure }", "rest: manage, identities: { \"rest:viewer\": manage } }", null)]
    public async Task The_level_of_client_and_face_together_decide(string from, string to, string? says)
    {
        await using var bench = await RestBench.OpenAsync(lab => lab.Replace(from, to, StringComparison.Ordinal));
        var reply = await bench.PostAsync("/api/vms/110/start?dryRun=true");
        Assert.Equal(says is null ? "auto" : "deny", reply.Is(200).GetProperty("decision").GetString());
        if (says is not null)
        {
            reply = await bench.PostAsync("/api/vms/110/start");
            Assert.Equal((403, "LevelTooLow"), (reply.Status, reply.Problem()));
            Assert.Contains(says, reply.Body, StringComparison.Ordinal);
        }

        reply = await bench.PostAsync("/api/vms/110/start", token: RestBench.Viewer);
        Assert.Equal((403, "LevelTooLow"), (reply.Status, reply.Problem()));
        Assert.Contains(await bench.AuditAsync(), l => l is { Kind: AuditKind.Denied, Trigger: "rest", Identity: "viewer", Operation: "proxmox_start_vm" });
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_client_of_no_level_hears_nothing_not_even_what_others_saw()
    {
        await using var bench = await RestBench.OpenAsync(static lab => lab.Replace("\"file:viewer.token\"", "\"file:viewer.token\", level: none", StringComparison.Ordinal));
        Assert.Equal(200, (await bench.GetAsync("/api/vms")).Status);
        foreach (var node in bench.Cluster.Nodes) await node.GoDownAsync();
        Assert.Equal(200, (await bench.GetAsync("/api/vms")).Status);
        var reply = await bench.GetAsync("/api/vms", token: RestBench.Viewer);
        Assert.Equal((403, "LevelTooLow"), (reply.Status, reply.Problem()));
    }
}
