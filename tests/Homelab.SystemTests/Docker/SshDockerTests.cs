using Homelab.Providers.Docker;
using Homelab.Providers.Ssh;
using Homelab.SystemTests.Peers;
using Homelab.SystemTests.Ssh;

using Homelab.Tests;

namespace Homelab.SystemTests.Docker;

/// <summary>A real engine behind a real sshd.</summary>
[Collection(SharedDockerd.Name)]
public sealed class SshDockerTests(DockerdPeer dockerd) : IAsyncLifetime
{
    private readonly string _name = "web" + Guid.NewGuid().ToString("N")[..8];
    private readonly Sshd _sshd = new();
    private readonly List<SshHosts> _remotes = [];
    private readonly List<string> _trace = [];
    private RealContractEngine _engine = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        dockerd.Require();
        Peer.Require("sshd", Sshd.WhyNot());
        _engine = new RealContractEngine(dockerd);
        await _sshd.StartAsync($"DOCKER_HOST={dockerd.Endpoint}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var remote in _remotes) await remote.DisposeAsync();
        await _sshd.DisposeAsync();
        if (_engine is not null) await _engine.DisposeAsync();
    }

    [Fact]
    public async Task The_whole_api_goes_through_one_login()
    {
        await _engine.MakeAsync(_name, ContractContainer.Plain);
        using var engines = Engines("login_key", _sshd.HostKey);

        var before = await engines.FindAsync(new ContainerRef(_name), Cancel);
        await engines.On("dev").Containers.RestartAsync(before.Id, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), Cancel);
        var after = await engines.FindAsync(new ContainerRef(_name), Cancel);
        var lines = new List<string>();
        await foreach (var line in engines.On("dev").Containers.LogsAsync(after, 1000, since: null, follow: false, Cancel)) lines.Add(line.Text);

        Assert.True(after.StartedAt > before.StartedAt);
        Assert.Contains("out 4", lines);
    }

    [Fact]
    public async Task Events_come_through_ssh()
    {
        await _engine.MakeAsync(_name, ContractContainer.Plain);
        using var engines = Engines("login_key", _sshd.HostKey);
        await using var events = engines.On("dev").Events.WatchAsync(patient: false, Cancel).GetAsyncEnumerator(Cancel);
        var next = events.MoveNextAsync().AsTask();
        await Tests.Eventually.HoldsAsync("the watch listens", () => Task.FromResult(Heard("-> 200")), Cancel);
        await _engine.CrashAsync(_name);

        // Other tests' containers are on the same engine.
        while (await next.WaitAsync(TimeSpan.FromMinutes(5), Cancel) && events.Current.Container != _name) next = events.MoveNextAsync().AsTask();
        Assert.Equal(("die", _name), (events.Current.Action, events.Current.Container));
    }

    [Theory]
    [InlineData("login_key", true, "HostKeyChanged", ErrorKind.Denied)]
    [InlineData("other_key", false, "SshDenied", ErrorKind.Denied)]
    public async Task A_wrong_key_on_either_side_is_told_apart_and_nothing_happened(string key, bool wrongHostKey, string id, ErrorKind kind)
    {
        var pin = wrongHostKey ? string.Join(' ', (await File.ReadAllTextAsync(_sshd.In("other_key.pub"), Cancel)).Split(' ').Take(2)) : _sshd.HostKey;
        using var engines = Engines(key, pin);

        var e = await Assert.ThrowsAsync<HomelabException>(() => engines.On("dev").Containers.RestartAsync("x", grace: null, TimeSpan.FromMinutes(5), Cancel));

        Assert.Equal((kind, id, true), (e.Kind, e.Id, e.NothingHappened));
    }

    [Fact]
    public async Task A_host_that_nobody_pinned_is_not_trusted()
    {
        using var engines = Engines("login_key", hostKey: null);

        Assert.Equal("HostKeyUnknown", (await Assert.ThrowsAsync<HomelabException>(() => engines.On("dev").System.PingAsync(Cancel))).Id);
    }

    private bool Heard(string text)
    {
        lock (_trace) return _trace.Any(l => l.Contains("GET /events", StringComparison.Ordinal) && l.Contains(text, StringComparison.Ordinal));
    }

    private DockerEngines Engines(string key, string? hostKey)
    {
        var host = new HostDefinition
        {
            Address = "127.0.0.1",
            Ssh = new SshDefinition { User = Environment.UserName, Port = _sshd.Port, HostKey = hostKey, Key = SecretReference.Parse("file:" + key, provider: null) },
            Docker = new DockerEndpointDefinition { Url = "ssh" },
        };
        var context = new ProviderContext(new LabDefinition { Hosts = new Dictionary<string, HostDefinition> { ["dev"] = host } }, _sshd.Folder, null!, TimeProvider.System)
        {
            Trace = line =>
            {
                lock (_trace) _trace.Add(line);
            },
        };
        var remote = new SshHosts(context, SshBench.Patient);
        _remotes.Add(remote);
        return new DockerEngines(context with { Remote = remote });
    }
}
