using System.Net;
using System.Net.Sockets;
using System.Text;
using Homelab.Lab.Docker;
using Homelab.Providers.Docker;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Docker;

public sealed class EngineLookTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hl-look-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, "1 containers can be seen; the engine runs as root")]
    [InlineData(true, "1 containers can be seen; the engine runs rootless")]
    public async Task An_engine_that_is_well_says_what_it_is(bool rootless, string rights)
    {
        await using var engine = await SimulatedDockerEngine.StartAsync(new SimulatedDockerEngineOptions { Rootless = rootless }, Cancel);
        engine.Add(new SimulatedContainerSpec { Name = "gitea" });

        var checks = await LookAsync(new HostDefinition { Docker = new DockerEndpointDefinition { Url = engine.Endpoint } });

        Assert.Equal([("connection", "docker@dev", CheckStatus.Ok), ("rights", "docker@dev", CheckStatus.Ok)], checks.Select(static c => (c.Group, c.Name, c.Status)));
        Assert.StartsWith($"{engine.Endpoint}: engine 28.2.2, API 1.51, linux/amd64, answered in ", checks[0].Detail, StringComparison.Ordinal);
        Assert.Equal(rights, checks[1].Detail);
        Assert.All(checks, static c => Assert.Empty(c.Fix));
        Assert.Empty(engine.Changes);
    }

    [Fact]
    public async Task An_engine_that_is_too_old_is_to_be_updated()
    {
        await using var engine = await SimulatedDockerEngine.StartAsync(new SimulatedDockerEngineOptions { ApiVersion = "1.40" }, Cancel);

        var check = Assert.Single(await LookAsync(new HostDefinition { Docker = new DockerEndpointDefinition { Url = engine.Endpoint } }));

        Assert.Equal((CheckStatus.Failed, "Update the engine to 20.10 or later."), (check.Status, check.Fix));
        Assert.EndsWith("speaks at most API 1.40; we speak API 1.41 to 1.51.", check.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_hides_the_engine_is_a_warning_and_one_that_hides_the_containers_a_failure()
    {
        await using var engine = await SimulatedDockerEngine.StartAsync(new SimulatedDockerEngineOptions(), Cancel);
        var host = new HostDefinition { Docker = new DockerEndpointDefinition { Url = engine.Endpoint } };
        engine.Fail(new EngineFault { Kind = EngineFaultKind.InternalError, Path = "/info" });
        engine.Fail(new EngineFault { Kind = EngineFaultKind.InternalError, Path = "/containers/json", Times = 1 });

        var hidden = await LookAsync(host);
        var seen = await LookAsync(host);

        Assert.Equal((CheckStatus.Failed, "Let us list containers there; a socket proxy wants CONTAINERS=1 for it."), (hidden[1].Status, hidden[1].Fix));
        Assert.Equal((CheckStatus.Warning, "Let us read GET /info there; a socket proxy wants INFO=1 for it."), (seen[1].Status, seen[1].Fix));
        Assert.Equal((CheckStatus.Ok, CheckStatus.Ok), (hidden[0].Status, seen[0].Status));
    }

    [Fact]
    public async Task A_socket_that_is_not_there_and_one_where_nobody_listens_are_told_apart()
    {
        var check = Assert.Single(await LookAsync(new HostDefinition { Docker = new DockerEndpointDefinition { Url = $"unix://{_folder}/none.sock" } }));
        Assert.Contains("there is no such socket", check.Detail, StringComparison.Ordinal);

        var path = Path.Combine(_folder, "left.sock");
        using var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        // Bound, and nobody listens: what an engine leaves behind that was killed.
        left.Bind(new UnixDomainSocketEndPoint(path));
        check = Assert.Single(await LookAsync(new HostDefinition { Docker = new DockerEndpointDefinition { Url = "unix://" + path } }));
        Assert.Equal((CheckStatus.Failed, "Look whether the engine runs there and hosts.dev.docker is right."), (check.Status, check.Fix));
        Assert.DoesNotContain(check.Fix, check.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("there is no such socket", check.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_this_account_may_not_open_says_how_to_get_the_right()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "The rights of files do not hold back this account.");
        await using var engine = await SimulatedDockerEngine.StartAsync(new SimulatedDockerEngineOptions(), Cancel);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(engine.Endpoint["unix://".Length..], UnixFileMode.None);

        var check = Assert.Single(await LookAsync(new HostDefinition { Docker = new DockerEndpointDefinition { Url = engine.Endpoint } }));

        Assert.Equal(CheckStatus.Failed, check.Status);
        Assert.Contains("group docker", check.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_nobody_has_and_a_server_that_wants_TLS_are_told_apart()
    {
        using var port = new ClosedPort();
        var refused = Assert.Single(await LookAsync(Tcp(port.Number)));
        Assert.Contains("connection refused", refused.Detail, StringComparison.Ordinal);

        // What Go's server answers to plain HTTP on its TLS port.
        const string Answer = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
        var tls = await WithServerAsync(Answer, async p => Assert.Single(await LookAsync(Tcp(p))));
        Assert.Equal((CheckStatus.Failed, "Write hosts.dev.docker as a mapping with url and tls."), (tls.Status, tls.Fix));
    }

    [Fact]
    public async Task Plain_HTTP_where_TLS_was_asked_for_is_told()
    {
        var check = await WithServerAsync(
            "HTTP/1.1 400 Bad Request\r\n\r\n",
            async p => Assert.Single(await LookAsync(new HostDefinition { Docker = new DockerEndpointDefinition { Url = $"https://127.0.0.1:{p}", Tls = new TlsDefinition() } })));
        Assert.Equal(CheckStatus.Failed, check.Status);
        Assert.Contains("perhaps it speaks no TLS", check.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_engine_that_hangs_does_not_keep_the_others_from_being_told()
    {
        await using var good = await SimulatedDockerEngine.StartAsync(new SimulatedDockerEngineOptions(), Cancel);
        await using var hanging = await SimulatedDockerEngine.StartAsync(new SimulatedDockerEngineOptions(), Cancel);
        hanging.Fail(new EngineFault { Kind = EngineFaultKind.Hang });
        var time = new Homelab.Tests.ManualTime();
        var lab = new LabDefinition
        {
            Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal)
            {
                ["good"] = new() { Docker = new DockerEndpointDefinition { Url = good.Endpoint } },
                ["hanging"] = new() { Docker = new DockerEndpointDefinition { Url = hanging.Endpoint } },
            },
        };
        await using var provider = new DockerProvider(new ProviderContext(lab, _folder, new Secrets(), time));

        var seen = new List<LabCheck>();
        await foreach (var check in provider.CheckAsync(Cancel))
        {
            seen.Add(check);
            if (seen.Count == 2) time.Advance(ConnectionLook.Limit);
        }

        Assert.Equal(["docker@good", "docker@good", "docker@hanging"], seen.Select(static c => c.Name));
        Assert.Equal((CheckStatus.Failed, "no answer within 15s"), (seen[2].Status, seen[2].Detail));
    }

    [Fact]
    public async Task Whoever_stops_listening_stops_the_looks()
    {
        await using var hanging = await SimulatedDockerEngine.StartAsync(new SimulatedDockerEngineOptions(), Cancel);
        hanging.Fail(new EngineFault { Kind = EngineFaultKind.Hang });
        using var leaving = new CancellationTokenSource();
        hanging.RequestReceived += (_, _) => leaving.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => LookAsync(new HostDefinition { Docker = new DockerEndpointDefinition { Url = hanging.Endpoint } }, leaving.Token));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static HostDefinition Tcp(int port) => new() { Docker = new DockerEndpointDefinition { Url = $"tcp://127.0.0.1:{port}" } };

    private async Task<List<LabCheck>> LookAsync(HostDefinition host, CancellationToken? cancellationToken = null)
    {
        var lab = new LabDefinition { Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal) { ["dev"] = host } };
        await using var provider = new DockerProvider(new ProviderContext(lab, _folder, new Secrets(), new PatientTime()));
        return await provider.CheckAsync(cancellationToken ?? Cancel).ToListAsync(Cancel);
    }

    // A server that answers each connection with the same bytes.
    private static async Task<T> WithServerAsync<T>(string answer, Func<int, Task<T>> use)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var serving = ServeAsync();
        try
        {
            return await use(port);
        }
        finally
        {
            await ending.CancelAsync();
            await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task ServeAsync()
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(ending.Token);
                var buffer = new byte[4096];
                if (await client.GetStream().ReadAsync(buffer, ending.Token) == 0) continue;
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer), ending.Token);
            }
        }
    }
}
