using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Lab.Docker;
using Homelab.Tests;
using Homelab.UnitTests.Providers.Docker;

namespace Homelab.UnitTests.Lab.Docker;

public sealed class SimulatedDockerEngineTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_has_every_field_that_the_real_engine_was_recorded_to_send()
    {
        await using var engine = await StartAsync();
        engine.Add(new SimulatedContainerSpec { Name = "gitea" });

        var list = await GetAsync(engine, "/v1.41/containers/json");

        Assert.Empty(Missing(JsonNode.Parse(Recorded.Read("list.json"))![0]!, list[0]!, "Networks", "Labels"));
    }

    [Theory]
    [InlineData("inspect-healthy.json", true)]
    [InlineData("inspect-t2.json", false)]
    public async Task An_inspection_has_every_field_that_the_real_engine_was_recorded_to_send(string recorded, bool health)
    {
        await using var engine = await StartAsync();
        engine.Add(new SimulatedContainerSpec { Name = "gitea", HasHealthCheck = health, Ports = new Dictionary<int, int> { [3000] = 80 } });

        var detail = await GetAsync(engine, "/v1.41/containers/gitea/json");

        Assert.Empty(Missing(JsonNode.Parse(Recorded.Read(recorded))!, detail, "Networks", "Data", "Labels", "Ports", "ExposedPorts.80/tcp", "PortBindings"));
        Assert.Equal(health, detail["State"]!["Health"] is not null);
    }

    [Fact]
    public async Task Versions_and_usage_have_the_fields_that_the_real_engine_was_recorded_to_send()
    {
        await using var engine = await StartAsync();
        engine.Add(new SimulatedContainerSpec { Name = "gitea" });

        Assert.Empty(Missing(JsonNode.Parse(Recorded.Read("version.json"))!, await GetAsync(engine, "/version")));
        var stats = await GetAsync(engine, "/v1.41/containers/gitea/stats?stream=0");
        // The recording is of cgroup v1, and its disk counters are never read when they are empty.
        Assert.Empty(Missing(JsonNode.Parse(Recorded.Read("stats.json"))!, stats, "memory_stats", "blkio_stats", "percpu_usage"));
    }

    [Theory]
    [InlineData("POST", "/v1.51/containers/gitea/start", HttpStatusCode.NotModified)]
    [InlineData("POST", "/v1.51/containers/gitea/stop", HttpStatusCode.NoContent)]
    [InlineData("POST", "/v1.51/containers/exited/stop", HttpStatusCode.NotModified)]
    [InlineData("POST", "/v1.51/containers/exited/kill", HttpStatusCode.Conflict)]
    [InlineData("POST", "/v1.51/containers/gitea/kill?signal=NONSENSE", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/v1.51/containers/nobody/start", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1.51/containers/nobody/json", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1.51/containers/gitea/logs", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/v1.51/containers/json?filters=nonsense", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/v1.52/containers/json", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/v1.23/containers/json", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/_ping", HttpStatusCode.OK)]
    public async Task Answers_have_the_codes_of_the_real_engine(string method, string path, HttpStatusCode expected)
    {
        await using var engine = await StartAsync();
        engine.Add(new SimulatedContainerSpec { Name = "gitea" });
        engine.Add(new SimulatedContainerSpec { Name = "exited" }).Crash();
        using var http = ClientOf(engine);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await http.SendAsync(request, Cancel);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("1.51", Assert.Single(answer.Headers.GetValues("Api-Version")));
        if ((int)expected >= 400) Assert.NotEqual("", (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancel))!["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_restart_is_told_in_the_order_of_the_real_engine()
    {
        var time = new ManualTime();
        await using var engine = await StartAsync(new SimulatedDockerEngineOptions { Time = time });
        engine.Add(new SimulatedContainerSpec { Name = "gitea", HasHealthCheck = true });
        using var http = ClientOf(engine);
        var since = time.GetUtcNow().ToUnixTimeSeconds();

        using var answer = await http.PostAsync(new Uri("/v1.51/containers/gitea/restart?t=1", UriKind.Relative), content: null, Cancel);
        time.Advance(TimeSpan.FromSeconds(10));
        var told = http.GetStringAsync(new Uri($"/v1.51/events?since={since}&until={since + 5}", UriKind.Relative), Cancel);
        await time.WaitedForAsync(TimeSpan.Zero);
        time.Advance(TimeSpan.FromSeconds(1));

        var actions = (await told).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!["Action"]!.GetValue<string>());
        Assert.Equal(["create", "start", "health_status: healthy", "kill", "die", "stop", "start", "health_status: healthy", "restart"], actions);
    }

    [Fact]
    public async Task A_container_that_is_slow_to_end_is_killed_when_the_grace_is_over()
    {
        var time = new ManualTime();
        await using var engine = await StartAsync(new SimulatedDockerEngineOptions { Time = time });
        var container = engine.Add(new SimulatedContainerSpec { Name = "gitea", EndsAfter = TimeSpan.FromMinutes(1) });
        using var http = ClientOf(engine);

        var stop = http.PostAsync(new Uri("/v1.51/containers/gitea/stop?t=5", UriKind.Relative), content: null, Cancel);
        await time.WaitedForAsync(TimeSpan.FromSeconds(5));
        time.Advance(TimeSpan.FromSeconds(5));
        using var answer = await stop;

        Assert.Equal((false, 137), (container.Running, container.ExitCode));
    }

    [Fact]
    public async Task Health_comes_when_its_time_has_come()
    {
        var time = new ManualTime();
        await using var engine = await StartAsync(new SimulatedDockerEngineOptions { Time = time });
        var container = engine.Add(new SimulatedContainerSpec { Name = "gitea", HasHealthCheck = true, HealthyAfter = TimeSpan.FromSeconds(30) });
        var changes = 0;
        container.StateChanged += (_, _) => changes++;

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(ContainerHealth.Starting, container.Health);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((ContainerHealth.Healthy, 1), (container.Health, changes));
    }

    [Fact]
    public async Task A_container_dies_after_its_next_starts_as_often_as_it_was_told()
    {
        await using var engine = await StartAsync();
        var container = engine.Add(new SimulatedContainerSpec { Name = "gitea", Running = false });
        container.DieAfterStart(times: 2, exitCode: 7);

        container.Start();
        container.Start();
        Assert.Equal((false, 7), (container.Running, container.ExitCode));
        container.Start();

        Assert.True(container.Running);
        Assert.Equal(3, container.Starts);
    }

    [Fact]
    public async Task Every_start_has_a_time_of_its_own_even_when_the_clock_stands_still()
    {
        await using var engine = await StartAsync(new SimulatedDockerEngineOptions { Time = new ManualTime() });
        var container = engine.Add(new SimulatedContainerSpec { Name = "gitea" });
        var first = container.StartedAt;

        container.Stop();
        container.Start();

        Assert.True(container.StartedAt > first);
    }

    [Fact]
    public async Task A_fault_is_used_up()
    {
        await using var engine = await StartAsync();
        engine.Fail(new EngineFault { Kind = EngineFaultKind.InternalError, Path = "/version", Times = 2 });
        using var http = ClientOf(engine);

        var codes = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            using var answer = await http.GetAsync(new Uri("/version", UriKind.Relative), Cancel);
            codes.Add((int)answer.StatusCode);
        }

        Assert.Equal([500, 500, 200], codes);
    }

    [Fact]
    public async Task Requests_and_changes_are_written_down()
    {
        await using var engine = await StartAsync(new SimulatedDockerEngineOptions { Port = 0 });
        engine.Add(new SimulatedContainerSpec { Name = "gitea" });
        using var http = new HttpClient { BaseAddress = new Uri(engine.TcpEndpoint!.Replace("tcp:", "http:", StringComparison.Ordinal)) };

        using var list = await http.GetAsync(new Uri("/v1.51/containers/json?all=1", UriKind.Relative), Cancel);
        using var stop = await http.PostAsync(new Uri("/v1.51/containers/gitea/stop?t=0", UriKind.Relative), content: null, Cancel);

        Assert.Equal(["GET /containers/json?all=1", "POST /containers/gitea/stop?t=0"], engine.Requests.Select(r => r.ToString()));
        Assert.Equal("/containers/gitea/stop", Assert.Single(engine.Changes).Path);
        Assert.StartsWith("tcp://127.0.0.1:", engine.Endpoint, StringComparison.Ordinal);
    }

    private static Task<SimulatedDockerEngine> StartAsync(SimulatedDockerEngineOptions? options = null) => SimulatedDockerEngine.StartAsync(options ?? new SimulatedDockerEngineOptions(), Cancel);

    private static HttpClient ClientOf(SimulatedDockerEngine engine)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(engine.Endpoint["unix://".Length..]), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri("http://docker") };
    }

    private static async Task<JsonNode> GetAsync(SimulatedDockerEngine engine, string path)
    {
        using var http = ClientOf(engine);
        return (await http.GetFromJsonAsync<JsonNode>(new Uri(path, UriKind.Relative), Cancel))!;
    }

    // Paths of the recording's fields that the simulation lacks, or has with another kind of value.
    private static IEnumerable<string> Missing(JsonNode recorded, JsonNode simulated, params string[] except)
    {
        foreach (var (name, value) in recorded.AsObject())
        {
            if (except.Contains(name, StringComparer.Ordinal)) continue;
            if (!simulated.AsObject().TryGetPropertyValue(name, out var other)) yield return name;
            else if (value is JsonObject inner)
            {
                if (other is not JsonObject) yield return name + " is no object";
                else foreach (var missing in Missing(inner, other, except)) yield return $"{name}.{missing}";
            }
            else if (value is not null && other is not null && Kind(value) != Kind(other)) yield return $"{name} is {Kind(other)}, not {Kind(value)}";
        }
    }

    private static JsonValueKind Kind(JsonNode node) => node.GetValueKind() is JsonValueKind.False ? JsonValueKind.True : node.GetValueKind();
}
