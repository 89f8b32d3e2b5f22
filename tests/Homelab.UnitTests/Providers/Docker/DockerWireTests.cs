using Homelab.Lab.Docker;
using Homelab.Providers.Docker;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Docker;

using ManualTime = Homelab.Tests.ManualTime;

public sealed class DockerWireTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.41", "1.24", "1.41")]
    [InlineData("1.51", "1.44", "1.51")]
    [InlineData("1.60", "1.44", "1.51")]
    public async Task The_newest_version_that_both_speak_is_used(string newest, string oldest, string expected)
    {
        await using var bench = await DockerBench.StartAsync(new PatientTime(), new SimulatedDockerEngineOptions { ApiVersion = newest, MinApiVersion = oldest });

        await bench.Client().Containers.ListAsync(Cancel);
        await bench.Client().Containers.ListAsync(Cancel);

        Assert.Equal(["/_ping", "/containers/json", "/containers/json"], bench.Engine.Requests.Select(r => r.Path));
        Assert.Equal(["", expected, expected], bench.Engine.Requests.Select(r => r.Version));
    }

    [Theory]
    [InlineData("1.40", "1.12")]
    [InlineData("1.60", "1.52")]
    public async Task Versions_that_do_not_meet_are_told_plainly(string newest, string oldest)
    {
        await using var bench = await DockerBench.StartAsync(new PatientTime(), new SimulatedDockerEngineOptions { ApiVersion = newest, MinApiVersion = oldest });

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Client().Containers.ListAsync(Cancel));

        Assert.Equal("DockerVersionUnsupported", e.Id);
        Assert.Contains("1.41 to 1.51", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_was_exchanged_for_an_older_one_is_asked_for_its_version_anew()
    {
        var socket = Path.Combine(Path.GetTempPath(), $"hl-{Guid.NewGuid():N}"[..15]);
        var first = await SimulatedDockerEngine.StartAsync(new SimulatedDockerEngineOptions { SocketPath = socket }, Cancel);
        using var client = ClientOf("unix://" + socket);
        await client.Containers.ListAsync(Cancel);
        await first.DisposeAsync();
        await using var second = await SimulatedDockerEngine.StartAsync(new SimulatedDockerEngineOptions { SocketPath = socket, ApiVersion = "1.43" }, Cancel);

        await client.Containers.ListAsync(Cancel);

        Assert.Equal(["1.51", "", "1.43"], second.Requests.Select(r => r.Version));
    }

    [Fact]
    public async Task A_socket_that_is_absent_is_unreachable_and_nothing_happened()
    {
        using var client = ClientOf("unix:///tmp/no-such-docker.sock");

        var e = await Assert.ThrowsAsync<HomelabException>(() => client.Containers.RestartAsync("x", null, TimeSpan.FromSeconds(5), Cancel));

        Assert.Equal((ErrorKind.Unavailable, "DockerUnreachable", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("there is no such socket", e.Message, StringComparison.Ordinal);
        Assert.Contains("hosts.dev.docker", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_nobody_listens_on_is_told_apart_from_an_absent_one()
    {
        var path = Path.Combine(Path.GetTempPath(), $"hl-{Guid.NewGuid():N}"[..15]);
        using (var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified))
        {
            socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
            using var client = ClientOf("unix://" + path);

            var e = await Assert.ThrowsAsync<HomelabException>(() => client.System.PingAsync(Cancel));

            Assert.Contains("nobody listens", e.Message, StringComparison.Ordinal);
        }

        File.Delete(path);
    }

    [Fact]
    public async Task A_refused_port_is_unreachable_and_nothing_happened()
    {
        await using var engine = await SimulatedDockerEngine.StartAsync(new SimulatedDockerEngineOptions { Port = 0 }, Cancel);
        using var client = ClientOf(engine.Endpoint);
        await client.Containers.ListAsync(Cancel);
        await engine.GoDownAsync();

        var e = await Assert.ThrowsAsync<HomelabException>(() => client.Containers.StartAsync("x", TimeSpan.FromSeconds(5), Cancel));

        Assert.Equal(("DockerUnreachable", true), (e.Id, e.NothingHappened));
        Assert.Contains("connection refused", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_whose_answer_is_lost_is_sent_once_and_not_taken_for_undone()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea" });
        // A kept connection is what SocketsHttpHandler would send again on.
        var container = await bench.Client().Containers.InspectAsync("gitea", Cancel);
        bench.Engine.Fail(new EngineFault { Kind = EngineFaultKind.LostAfter, Method = "POST", Times = int.MaxValue });

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Client().Containers.RestartAsync(container.Id, null, TimeSpan.FromSeconds(20), Cancel));

        Assert.Equal((ErrorKind.Unavailable, "DockerConnectionLost", false), (e.Kind, e.Id, e.NothingHappened));
        Assert.Single(bench.Engine.Changes);
        Assert.Equal(2, bench.Engine.Container("gitea").Starts);
    }

    [Fact]
    public async Task A_change_that_the_engine_never_answers_times_out_and_may_have_happened()
    {
        var time = new ManualTime();
        await using var bench = await DockerBench.StartAsync(time, new SimulatedDockerEngineOptions());
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea" });
        bench.Engine.Fail(new EngineFault { Kind = EngineFaultKind.Hang, Method = "POST" });
        var received = bench.ReceivedAsync("POST", "*");

        var restart = bench.Client().Containers.RestartAsync("gitea", null, TimeSpan.FromMinutes(1), Cancel);
        await received;
        time.Advance(TimeSpan.FromMinutes(1));
        var e = await Assert.ThrowsAsync<HomelabException>(() => restart);

        Assert.Equal((ErrorKind.Timeout, "DockerTimeout", false), (e.Kind, e.Id, e.NothingHappened));
    }

    [Fact]
    public async Task A_failure_of_the_engine_comes_with_its_own_words()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Fail(new EngineFault { Kind = EngineFaultKind.InternalError, Path = "/containers/json" });

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Client().Containers.ListAsync(Cancel));

        Assert.Equal((ErrorKind.Failed, "DockerFailed"), (e.Kind, e.Id));
        Assert.Contains("something went wrong inside the engine", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_no_json_is_a_failure()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Fail(new EngineFault { Kind = EngineFaultKind.MalformedJson, Path = "/containers/json" });

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Client().Containers.ListAsync(Cancel));

        Assert.Equal((ErrorKind.Failed, "DockerAnswerUnreadable"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task A_missing_container_and_a_conflict_have_their_own_kinds()
    {
        await using var bench = await DockerBench.StartAsync();

        var missing = await Assert.ThrowsAsync<HomelabException>(() => bench.Client().Containers.StartAsync("nobody", TimeSpan.FromSeconds(5), Cancel));

        Assert.Equal((ErrorKind.NotFound, "ContainerNotFound", true), (missing.Kind, missing.Id, missing.NothingHappened));
    }

    [Fact]
    public async Task A_caller_that_leaves_is_cancelled_and_nothing_else()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Fail(new EngineFault { Kind = EngineFaultKind.Hang, Path = "/containers/json" });
        using var leaving = new CancellationTokenSource();
        var received = bench.ReceivedAsync("GET", "/containers/json");

        var list = bench.Client().Containers.ListAsync(leaving.Token);
        await received;
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => list);
    }

    [Fact]
    public async Task A_stream_that_is_left_while_nobody_reads_is_closed_at_once()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea" }).WriteLog("before");
        var way = new Noted(bench.Engine.Endpoint);
        using var client = new DockerClient(way, new PatientTime(), _ => { });
        var gitea = await client.Containers.InspectAsync("gitea", Cancel);

        await foreach (var line in client.Containers.LogsAsync(gitea, 1, since: null, follow: true, Cancel))
        {
            Assert.Equal("before", line.Text);
            break;
        }

        // One connection for all that went before, too.
        Assert.False(Assert.Single(way.Opened).CanRead);
    }

    [Fact]
    public async Task Each_call_is_one_line_of_the_trace()
    {
        await using var bench = await DockerBench.StartAsync();

        await bench.Client().Containers.ListAsync(Cancel);

        Assert.Equal(2, bench.Trace.Lines.Count);
        Assert.StartsWith("docker dev: GET /containers/json?all=1 -> 200 in ", bench.Trace.Lines[^1], StringComparison.Ordinal);
    }

    private static DockerClient ClientOf(string url) => new(WayTo(url), new PatientTime(), _ => { });

    private static DockerTransport WayTo(string url)
    {
        var endpoint = DockerEndpoint.Of("dev", new HostDefinition { Docker = new DockerEndpointDefinition { Url = url } });
        return DockerTransport.For(endpoint, AppContext.BaseDirectory, secrets: null!, remote: null!);
    }

    // Keeps the connections that were opened.
    private sealed class Noted(string url) : DockerTransport(WayTo(url).Endpoint)
    {
        private readonly DockerTransport _way = WayTo(url);

        internal List<Stream> Opened { get; } = [];

        internal override async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
        {
            var stream = await _way.ConnectAsync(cancellationToken);
            Opened.Add(stream);
            return stream;
        }
    }
}
