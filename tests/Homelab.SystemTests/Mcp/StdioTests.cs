using System.Text.Json.Nodes;
using Homelab.State;
using Homelab.SystemTests.Cli;
using Homelab.SystemTests.Web;

namespace Homelab.SystemTests.Mcp;

/// <summary>Standard output carries the protocol and nothing else, and the process never outlives its client.</summary>
public sealed class StdioTests
{
    private const string Watch = """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"docker_watch_events","arguments":{"host":"dev"}}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_the_client_closes_its_end_the_process_ends(bool isBusy)
    {
        await using var stage = await LabStage.OpenAsync(Cancellation);
        await using var process = StdioProcess.Start(stage.Folder, stage.Environment);
        await process.InitializeAsync();
        if (isBusy) await BeginWatchingAsync(stage, process);
        process.CloseInput();
        // Its call would go on for ever.
        var (code, output, errors) = await process.EndAsync();
        Assert.Equal((0, ""), (code, output));
        AssertLog(errors, "the client has closed the connection");
    }

    [Theory]
    [InlineData("TERM", false)]
    [InlineData("INT", false)]
    [InlineData("TERM", true)]
    public async Task When_it_is_told_to_stop_it_ends_too(string signal, bool isBusy)
    {
        await using var stage = await LabStage.OpenAsync(Cancellation);
        await using var process = StdioProcess.Start(stage.Folder, stage.Environment);
        await process.InitializeAsync();
        if (isBusy) await BeginWatchingAsync(stage, process);
        await process.SignalAsync(signal);
        // What did not heed it is cut off after twenty seconds, and ends with the signal's code.
        var (code, _, errors) = await process.EndAsync();
        Assert.Equal(0, code);
        AssertLog(errors, "it was told to stop");
    }

    [Fact]
    public async Task A_change_under_way_when_the_client_leaves_is_looked_at_and_written_down()
    {
        await using var stage = await LabStage.OpenAsync(Cancellation, lab => lab.Replace("mcp: monitor", "mcp: operate", StringComparison.Ordinal));
        await using var process = StdioProcess.Start(stage.Folder, stage.Environment);
        await process.InitializeAsync();
        var begun = Received(stage, path => path.EndsWith("/restart", StringComparison.Ordinal));
        stage.Homelab.Engines["dev"].Fail(new Lab.Docker.EngineFault { Kind = Lab.Docker.EngineFaultKind.Hang, Path = "/containers/*/restart" });
        await process.SendAsync("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"docker_restart_container","arguments":{"container":"redis@dev"}}}""");
        await begun.WaitAsync(TimeSpan.FromMinutes(2), Cancellation);
        var looked = Received(stage, path => path.EndsWith("/json", StringComparison.Ordinal));
        process.CloseInput();
        Assert.Equal(0, (await process.EndAsync()).Code);
        await using var store = await SqliteStore.OpenAsync(stage.StateFile, TimeProvider.System, Cancellation);
        var lines = await store.ReadAuditAsync(1, Cancellation).Where(static l => l.Kind == AuditKind.Outcome).ToListAsync(Cancellation);
        if ((await store.ListOpenAsync(Cancellation)).Count > 0)
        {
            // On a busy machine half a second is too short for the look: then it stays open, for the next one.
            Assert.Empty(lines);
            return;
        }

        Assert.True(looked.IsCompleted);
        Assert.Contains(lines, static l => l is { Trigger: "mcp", Identity: "stdio", Operation: "docker_restart_container", Target: "container:redis@dev" } && l.Result.EndsWith("a read showed that it did not happen", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Progress_is_told_to_a_client_that_asked_for_it_before_the_answer_and_never_falls(bool isAsked)
    {
        await using var stage = await LabStage.OpenAsync(Cancellation, lab => lab.Replace("mcp: monitor", "mcp: operate", StringComparison.Ordinal));
        await using var process = StdioProcess.Start(stage.Folder, stage.Environment);
        await process.InitializeAsync();
        var meta = isAsked ? ""","_meta":{"progressToken":"p1"}""" : "";
        await process.SendAsync($$$"""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"docker_restart_container","arguments":{"container":"gitea@dev"}{{{meta}}}}}""");
        var told = new List<JsonNode>();
        JsonNode message;
        while ((message = await process.ReadAsync())["id"] is null) told.Add(message["params"]!);
        Assert.Equal("done", (string?)message["result"]!["structuredContent"]!["status"]);
        Assert.Equal(isAsked, told.Count > 0);
        Assert.All(told, t => Assert.Equal("p1", (string?)t["progressToken"]));
        Assert.All(told, t => Assert.StartsWith("Restarting gitea@dev: ", (string?)t["message"], StringComparison.Ordinal));
        var progress = told.Select(t => (double)t["progress"]!).ToArray();
        Assert.Equal(progress.Distinct().Order(), progress);
        process.CloseInput();
        Assert.Equal("", (await process.EndAsync()).Output);
    }

    [Fact]
    public async Task Whatever_comes_in_only_messages_go_out()
    {
        await using var stage = await LabStage.OpenAsync(Cancellation);
        await using var process = StdioProcess.Start(stage.Folder, stage.Environment);
        await process.SendAsync("this is no JSON");
        await process.SendAsync("[]");
        await process.SendAsync("");
        await process.SendAsync("""{"jsonrpc":"2.0","id":0,"method":"tools/call","params":""" + new string('[', 2_000));
        await process.SendAsync("""{"jsonrpc":"2.0","id":1,"method":5}""");
        (string?, int)[] refused = [(null, -32700), (null, -32600), ("0", -32700), ("1", -32600)];
        foreach (var wanted in refused) Assert.Equal(wanted, (await process.ReadAsync()) is var answer ? (answer["id"]?.ToJsonString(), (int)answer["error"]!["code"]!) : default);
        await process.InitializeAsync();
        await process.SendAsync("""{"jsonrpc":"2.0","id":2,"method":"no/such/method"}""");
        Assert.Equal(-32601, (int)(await process.ReadAsync())["error"]!["code"]!);
        await process.SendAsync("""{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"docker_check_container","arguments":{"container":"gitea@dev"}}}""");
        var found = await process.ReadAsync();
        Assert.Equal((3, true), ((int)found["id"]!, (bool)found["result"]!["structuredContent"]!["items"]![0]!["isUp"]!));
        process.CloseInput();
        var (code, output, errors) = await process.EndAsync();
        Assert.Equal((0, ""), (code, output));
        AssertLog(errors, "the client has closed the connection");
        foreach (var secret in stage.Secrets) Assert.DoesNotContain(secret, errors, StringComparison.Ordinal);
        await using var audit = CliProcess.Start(stage.Folder, stage.Environment, ["audit", "list"]);
        Assert.Equal(0, await audit.EndAsync());
        foreach (var line in (string[])["a line of 15 bytes", "a line of 2 bytes", "a line of 2055 bytes", "a line of 35 bytes"]) Assert.Single(audit.Output, l => l.Contains($"denied   mcp:stdio mcp_request {line}", StringComparison.Ordinal));
        Assert.DoesNotContain(audit.Output, static l => l.Contains("[[[", StringComparison.Ordinal));
    }

    [Theory]
    // A policy that names no operation protects nothing, so it is not begun with.
    [InlineData("policy:\n", "policy:\n  approvals: { docker_stop_contaner: deny }\n", "Did you mean 'docker_stop_container'?")]
    [InlineData("kind: Lab", "kind: Laboratory", "nothing was started")]
    public async Task A_lab_file_with_mistakes_is_not_served_and_nothing_is_printed_where_the_protocol_would_be(string from, string to, string says)
    {
        await using var stage = await LabStage.OpenAsync(Cancellation, lab => lab.Replace(from, to, StringComparison.Ordinal));
        await using var process = StdioProcess.Start(stage.Folder, stage.Environment);
        var (code, output, errors) = await process.EndAsync();
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(says, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("-x")]
    [InlineData("mcp:claude")]
    public async Task A_name_that_could_be_taken_for_something_else_is_refused(string name)
    {
        await using var stage = await LabStage.OpenAsync(Cancellation);
        await using var process = StdioProcess.Start(stage.Folder, stage.Environment, $"--name={name}");
        var (code, _, errors) = await process.EndAsync();
        Assert.Equal(2, code);
        Assert.Contains("--name", errors, StringComparison.Ordinal);
    }

    private static async Task BeginWatchingAsync(LabStage stage, StdioProcess process)
    {
        var watched = Received(stage, path => path == "/events");
        await process.SendAsync(Watch);
        await watched.WaitAsync(TimeSpan.FromMinutes(3), Cancellation);
    }

    private static Task Received(LabStage stage, Func<string, bool> path)
    {
        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stage.Homelab.Engines["dev"].RequestReceived += (_, e) =>
        {
            if (path(e.Request.Path)) received.TrySetResult();
        };
        return received.Task;
    }

    private static void AssertLog(string errors, string last)
    {
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToArray();
        Assert.All(lines, l => Assert.NotNull(l["time"]));
        Assert.Equal(("stopping", last), ((string?)lines[^1]["event"], (string?)lines[^1]["text"]));
    }
}
