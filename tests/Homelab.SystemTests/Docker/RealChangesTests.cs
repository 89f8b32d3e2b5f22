using System.Text.Json.Nodes;
using Homelab.Providers.Docker;
using Homelab.SystemTests.Peers;
using Homelab.Tests;
using Homelab.UnitTests.Support;

namespace Homelab.SystemTests.Docker;

/// <summary>Room, limits, logs and new containers in the place of old ones, on a real engine and its real disk.</summary>
[Collection(SharedDockerd.Name)]
public sealed class RealChangesTests(DockerdPeer dockerd) : IAsyncLifetime
{
    private const long MiB = 1024 * 1024;
    private const string Stay = "trap 'exit 0' TERM; while true; do sleep 0.05; done";

    private readonly string _name = "web" + Guid.NewGuid().ToString("N")[..8];
    private readonly MemoryGateStore _store = new();
    private readonly List<string> _requests = [];
    private DockerEngines? _engines;
    private OperationGate _gate = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        if (dockerd.Missing is not null) return ValueTask.CompletedTask;
        var lab = new LabDefinition { Hosts = new Dictionary<string, HostDefinition> { ["dev"] = new() { Docker = new DockerEndpointDefinition { Url = dockerd.Endpoint } } } };
        var context = new ProviderContext(lab, ".", null!, TimeProvider.System) { Trace = Hear };
        _engines = new DockerEngines(context);
        _gate = new OperationGate(
            new OperationCatalog([new MeasureSpace(_engines), new ClearImages(_engines), new SetContainerLimits(_engines), new ClearContainerLog(_engines, context.Remote), new ResetContainer(_engines)]),
            new Decider(new AccessPolicy(), new GatePolicy(), []),
            new ActionLimits(),
            _store,
            new ApprovalDesk(_store, new ApprovalPolicy(), TimeProvider.System),
            new SecretRedactor(),
            TimeProvider.System);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_engines is null) return;
        _engines.Dispose();
        foreach (var id in (await dockerd.RunAsync("ps", "-aq", "--filter", "label=hl=" + _name)).Split('\n', StringSplitOptions.RemoveEmptyEntries)) await dockerd.RunAsync("rm", "-f", "-v", id);
    }

    [Fact]
    public async Task Space_is_what_docker_prints()
    {
        dockerd.Require();
        await MakeAsync("--network", "none");
        await dockerd.RunAsync("exec", _name, "sh", "-c", "head -c 100000 /dev/zero > /tmp/f");

        var space = new List<DockerSpace>();
        await foreach (var item in _gate.QueryAsync(new GateRequest { Operation = "docker_disk_usage", Input = new MeasureSpace.Input { Host = "dev" }, Caller = Person }, Cancel)) space.Add((DockerSpace)item);
        var printed = (await dockerd.RunAsync("system", "df", "--format", "{{.Type}}|{{.TotalCount}}|{{.Active}}")).Split('\n');

        Assert.Equal(printed, space.Select(s => $"{Word(s.Kind)}|{s.Count}|{s.InUse}"));
        Assert.InRange(space[1].Size, 100_000, 100 * MiB);
    }

    [Fact]
    public async Task Unused_images_go_and_volumes_stay()
    {
        dockerd.Require();
        var tag = _name + ":1";
        await dockerd.RunAsync("volume", "create", "keep" + _name);
        await MakeAsync("--network", "none");
        // What other tests left is counted, too: it goes first.
        await dockerd.RunAsync("image", "prune", "--all", "--force");
        await dockerd.RunAsync("exec", _name, "sh", "-c", "head -c 3000000 /dev/zero > /tmp/f");
        await dockerd.RunAsync("commit", _name, tag);

        var cleanup = await ChangeAsync<ImageCleanup>("docker_prune_images", new ClearImages.Input { Host = "dev", All = true });

        Assert.Contains(tag, cleanup.Deleted);
        Assert.InRange(cleanup.Freed, 3_000_000, 3_200_000);
        Assert.InRange(cleanup.Reported, 3_000_000, 3_200_000);
        Assert.Contains(DockerdPeer.Image, await dockerd.RunAsync("images", "--format", "{{.Repository}}:{{.Tag}}"), StringComparison.Ordinal);
        Assert.Contains("keep" + _name, await dockerd.RunAsync("volume", "ls", "-q"), StringComparison.Ordinal);
        lock (_requests) Assert.DoesNotContain(_requests, r => r.Contains("volume", StringComparison.OrdinalIgnoreCase));
        await dockerd.RunAsync("volume", "rm", "keep" + _name);
    }

    [Fact]
    public async Task A_log_is_cut_while_its_container_writes_to_it()
    {
        dockerd.Require();
        await MakeAsync(["--network", "none"], "i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done; " + Stay);
        await Eventually.HoldsAsync("all is written", async () => (await dockerd.RunAsync("logs", "--tail", "1", _name)).Contains("line 1999", StringComparison.Ordinal), Cancel);

        var cut = await ChangeAsync<ContainerLogCut>("docker_rotate_logs", new ClearContainerLog.Input { Container = new ContainerRef(_name) });

        Assert.True(cut.SizeBefore > 50_000, $"{cut.SizeBefore} bytes");
        Assert.Equal((0, cut.SizeBefore), (cut.SizeAfter, cut.Freed));
        await dockerd.RunAsync("exec", _name, "sh", "-c", "echo after > /proc/1/fd/1");
        await Eventually.HoldsAsync("only what came after is there", async () => await dockerd.RunAsync("logs", _name) == "after", Cancel);
    }

    [Fact]
    public async Task The_log_of_another_driver_is_left_alone()
    {
        dockerd.Require();
        await MakeAsync("--network", "none", "--log-driver", "local");

        var e = await Assert.ThrowsAsync<HomelabException>(() => ChangeAsync<ContainerLogCut>("docker_rotate_logs", new ClearContainerLog.Input { Container = new ContainerRef(_name) }));

        Assert.Equal("ContainerLogUnsupported", e.Id);
    }

    [Fact]
    public async Task Limits_hold_from_then_on_without_a_restart()
    {
        dockerd.Require();
        await MakeAsync("--network", "none", "--memory", "64m");
        var before = await _engines!.FindAsync(new ContainerRef(_name), Cancel);

        await ChangeAsync<ContainerLimits>("docker_set_limits", new SetContainerLimits.Input { Container = new ContainerRef(_name), Memory = 128 * MiB, RestartPolicy = ContainerRestartPolicy.OnFailure, RestartLimit = 4 });

        var after = await _engines!.FindAsync(new ContainerRef(_name), Cancel);
        Assert.Equal((128 * MiB, "on-failure", 4, before.StartedAt, before.SwapLimit), (after.MemoryLimit, after.RestartPolicy, after.RestartLimit, after.StartedAt, after.SwapLimit));
        Assert.Equal("134217728", await dockerd.RunAsync("inspect", "-f", "{{.HostConfig.Memory}}", _name));
    }

    [Fact]
    public async Task A_new_container_has_the_same_settings_volumes_and_networks()
    {
        dockerd.Require();
        await MakeAsync("--network", "hl", "--network-alias", "git", "-v", "/data", "-e", "A=b c", "--cap-add", "NET_ADMIN", "-p", "127.0.0.1:0:80", "--restart", "unless-stopped", "--memory", "64m", "--ulimit", "nofile=512:1024");
        await dockerd.RunAsync("exec", _name, "sh", "-c", "echo precious > /data/f; echo lost > /tmp/f");
        var before = await ReadAsync();

        var after = await ChangeAsync<ContainerDetail>("docker_recreate_container", new ResetContainer.Input { Container = new ContainerRef(_name), Grace = TimeSpan.FromSeconds(2), Settle = TimeSpan.FromSeconds(1) });

        var now = await ReadAsync();
        Assert.NotEqual(Id(before), after.Id);
        Assert.Equal((after.Id, ContainerState.Running, before["Image"]!.ToJsonString()), (Id(now), after.State, now["Image"]!.ToJsonString()));
        Assert.Equal(Plain(before["Config"]!, Id(before)), Plain(now["Config"]!, Id(now)));
        Assert.Equal(Plain(before["HostConfig"]!, Id(before)), Plain(now["HostConfig"]!, Id(now)));
        Assert.Equal("precious", await dockerd.RunAsync("exec", _name, "cat", "/data/f"));
        Assert.Equal("git", now["NetworkSettings"]!["Networks"]!["hl"]!["Aliases"]!.AsArray().Select(a => a!.GetValue<string>()).Single(a => a.Length != 12));
        Assert.Equal(_name, await dockerd.RunAsync("ps", "-a", "--filter", "label=hl=" + _name, "--format", "{{.Names}}"));
    }

    [Fact]
    public async Task One_that_cannot_run_is_taken_back()
    {
        dockerd.Require();
        // The first run leaves a mark on its volume, and every other one dies of it.
        await MakeAsync(["--network", "hl", "-v", "/data"], "test -e /data/ran-$HOSTNAME || test ! -e /data/ran || exit 9; echo x > /data/ran; echo x > /data/ran-$HOSTNAME; " + Stay);
        await Eventually.HoldsAsync("it has left its mark", async () => (await dockerd.RunAsync("exec", _name, "sh", "-c", "echo /data/*")).Contains("ran-", StringComparison.Ordinal), Cancel);
        var old = (await _engines!.FindAsync(new ContainerRef(_name), Cancel)).Id;

        var e = await Assert.ThrowsAsync<HomelabException>(() => ChangeAsync<ContainerDetail>("docker_recreate_container", new ResetContainer.Input { Container = new ContainerRef(_name), Timeout = TimeSpan.FromMinutes(1), Grace = TimeSpan.FromSeconds(2) }));

        var back = await _engines!.FindAsync(new ContainerRef(_name), Cancel);
        Assert.Equal(("ContainerNotReset", old, ContainerState.Running), (e.Id, back.Id, back.State));
        Assert.Equal(_name, await dockerd.RunAsync("ps", "-a", "--filter", "label=hl=" + _name, "--format", "{{.Names}}"));
    }

    private static Caller Person { get; } = new(Face.Interactive, "anna");

    private Task<string> MakeAsync(params string[] options) => MakeAsync(options, Stay);

    private Task<string> MakeAsync(string[] options, string script) => dockerd.RunAsync(["run", "-d", "--name", _name, "--label", "hl=" + _name, .. options, DockerdPeer.Image, "sh", "-c", script]);

    private async Task<T> ChangeAsync<T>(string operation, object input)
    {
        var outcome = await _gate.InvokeAsync(new GateRequest { Operation = operation, Input = input, Caller = Person }, Cancel);
        return Assert.IsType<T>(Assert.IsType<GateOutcome.Done>(outcome).Result);
    }

    private Task<JsonObject> ReadAsync() => _engines!.On("dev").Making.ReadAsync(_name, Cancel);

    private static string Id(JsonObject seen) => seen["Id"]!.GetValue<string>();

    // Its own host name is the beginning of its id; and the volume that had no name is bound by the one it has.
    private static string Plain(JsonNode part, string id)
    {
        var plain = part.DeepClone().AsObject();
        plain.Remove("Binds");
        return plain.ToJsonString().Replace(id[..12], "ID", StringComparison.Ordinal);
    }

    private void Hear(string line)
    {
        lock (_requests) _requests.Add(line);
    }

    private static string Word(DockerSpaceKind kind) => kind switch
    {
        DockerSpaceKind.Volumes => "Local Volumes",
        DockerSpaceKind.BuildCache => "Build Cache",
        _ => kind.ToString(),
    };
}
