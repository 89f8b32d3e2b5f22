using Homelab.Lab.Docker;
using Homelab.Providers.Docker;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Docker;

public sealed class DockerSocketsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hl-s-").FullName;
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_there_is_nothing_nothing_is_found() => Assert.Empty(await FindAsync());

    [Fact]
    public async Task Every_usual_place_is_looked_at_and_what_answers_comes_first()
    {
        _variables["XDG_RUNTIME_DIR"] = Path.Combine(_folder, "xdg");
        foreach (var left in new[] { "var/run/docker.sock", "xdg/docker.sock", "home/.docker/run/docker.sock", "home/.colima/default/docker.sock" }) Write(left, "");
        await using var podman = await StartAsync("xdg/podman/podman.sock");

        var found = await FindAsync();

        Assert.Equal(
            [("Podman", true), ("default", false), ("rootless Docker", false), ("Docker Desktop", false), ("Colima", false)],
            found.Select(static s => (s.FoundIn, s.Answers)));
        Assert.Equal((podman.Endpoint, "28.2.2", ""), (found[0].Endpoint, found[0].EngineVersion, found[0].Reason));
        Assert.All(found.Skip(1), static s => Assert.NotEmpty(s.Reason));
    }

    [Fact]
    public async Task What_the_CLI_would_use_comes_before_the_usual_places_and_each_address_once()
    {
        await using var usual = await StartAsync("var/run/docker.sock");
        await using var home = await StartAsync("home.sock");
        await using var other = await StartAsync("other.sock");
        _variables["DOCKER_HOST"] = usual.Endpoint;
        Write("home/.docker/config.json", """{ "auths": {}, "currentContext": "home", "more": [1] }""");
        Write("home/.docker/contexts/meta/a1/meta.json", $$"""{ "Name": "another", "Metadata": {}, "Endpoints": { "docker": { "Host": "{{other.Endpoint}}", "SkipTLSVerify": false } } }""");
        Write("home/.docker/contexts/meta/b2/meta.json", $$"""{ "Name": "home", "Endpoints": { "docker": { "Host": "{{home.Endpoint}}" } } }""");

        var found = await FindAsync();

        Assert.Equal([("DOCKER_HOST", usual.Endpoint), ("current context 'home'", home.Endpoint), ("context 'another'", other.Endpoint)], found.Select(static s => (s.FoundIn, s.Endpoint)));
        Assert.All(found, static s => Assert.True(s.Answers));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{ "Name": 7, "Endpoints": { "docker": { "Host": "unix:///x" } } }""")]
    [InlineData("""{ "Name": "\ud800", "Endpoints": { "docker": { "Host": "unix:///x" } } }""")]
    [InlineData("""{ "Name": "a", "Endpoints": [] }""")]
    [InlineData("""{ "Name": "a", "Endpoints": { "docker": 1 } }""")]
    [InlineData("""{ "Name": "a", "Endpoints": { "docker": { "Host": null } } }""")]
    public async Task A_file_of_the_CLI_that_cannot_be_used_finds_nothing(string text)
    {
        Write("home/.docker/config.json", text);
        Write("home/.docker/contexts/meta/a/meta.json", text);
        Assert.Empty(await FindAsync());
    }

    [Theory]
    [InlineData("ssh://root@nas", "ssh", "behind SSH")]
    [InlineData("tcp://root:hunter2@nas:2375", "", "no address of an engine")]
    [InlineData("nonsense", "", "no address of an engine")]
    [InlineData("unix:///nowhere/docker.sock", "unix:///nowhere/docker.sock", "there is no such socket")]
    public async Task What_was_written_down_is_told_even_where_nothing_answers(string value, string endpoint, string reason)
    {
        _variables["DOCKER_HOST"] = value;
        var socket = Assert.Single(await FindAsync());
        Assert.Equal((endpoint, false), (socket.Endpoint, socket.Answers));
        Assert.Contains(reason, socket.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", socket.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_hangs_is_left_after_a_second()
    {
        await using var engine = await StartAsync("var/run/docker.sock");
        engine.Fail(new EngineFault { Kind = EngineFaultKind.Hang });
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.RequestReceived += (_, _) => asked.TrySetResult();
        var time = new ManualTime();

        var finding = FindAsync(time: time);
        await asked.Task.WaitAsync(TimeSpan.FromMinutes(3), Cancel);
        time.Advance(DockerSockets.Limit);

        var socket = Assert.Single(await finding);
        Assert.Equal((false, "no answer within 1s"), (socket.Answers, socket.Reason));
    }

    [Fact]
    public async Task Windows_has_a_pipe()
    {
        var socket = Assert.Single(await FindAsync(windows: true));
        Assert.Equal("npipe:////./pipe/docker_engine", socket.Endpoint);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<IReadOnlyList<DockerSocket>> FindAsync(bool windows = false, TimeProvider? time = null) =>
        DockerSockets.FindAsync(new SocketSurroundings(_variables.GetValueOrDefault, Path.Combine(_folder, "home"), _folder, windows), time ?? new ManualTime(), Cancel);

    private Task<SimulatedDockerEngine> StartAsync(string path)
    {
        Write(path, "");
        return SimulatedDockerEngine.StartAsync(new SimulatedDockerEngineOptions { SocketPath = Path.Combine(_folder, path) }, Cancel);
    }

    private void Write(string path, string text)
    {
        path = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
