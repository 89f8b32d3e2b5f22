using System.Text.Json;
using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Lab;

namespace Homelab.SystemTests.Ssh;

/// <summary>The engine of a simulated host by way of its SSH: the wire through <c>docker system dial-stdio</c>, and the <c>docker</c> program where the API gives no answer.</summary>
public sealed class SimulatedDockerHostTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-simdocker-");
    private SimulatedHomelab _homelab = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _homelab = await SimulatedHomelab.StartAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _homelab.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_engine_is_reached_through_the_login_of_its_host()
    {
        await using var runtime = await OpenAsync("ssh");
        Assert.Equal(["code-server", "gitea", "postgresql", "redis"], (await ListAsync(runtime)).Select(static c => c.Name).Order(StringComparer.Ordinal));
        Assert.Contains(_homelab.Hosts["dev"].Commands, static c => c.ToString() == "docker system dial-stdio");
    }

    [Fact]
    public async Task Where_the_api_is_not_reached_the_program_on_the_host_answers()
    {
        // Nobody listens at this port of loopback.
        await using var runtime = await OpenAsync("tcp://127.0.0.1:1");
        var containers = await ListAsync(runtime);
        Assert.Equal(4, containers.Count);
        Assert.All(containers, static c => Assert.Equal(EngineWay.Ssh, c.Via));
    }

    [Fact]
    public async Task A_log_is_cut_on_the_host_and_its_disk_has_room_again()
    {
        const long Large = 20L << 30;
        await using var runtime = await OpenAsync(_homelab.Engines["dev"].TcpEndpoint!);
        _homelab.ContainerOf("gitea").FillLog(Large);
        var host = _homelab.Hosts["dev"];
        var before = host.UsedOf(host.FileSystem("/"));
        var request = new GateRequest { Operation = "docker_rotate_logs", Json = JsonSerializer.SerializeToElement(new { container = "gitea@dev" }), Caller = new Caller(Face.Interactive, "test"), Confirmation = new Yes() };
        var cut = Assert.IsType<ContainerLogCut>(Assert.IsType<GateOutcome.Done>(await runtime.Gate.InvokeAsync(request, Cancellation)).Result);
        Assert.Equal((Large, 0), (cut.SizeBefore, cut.SizeAfter));
        Assert.Equal(before - Large, host.UsedOf(host.FileSystem("/")));
    }

    private async Task<HomelabRuntime> OpenAsync(string docker)
    {
        foreach (var (name, value) in _homelab.Tokens.Environment) await File.WriteAllTextAsync(Path.Combine(_folder.FullName, name), value, Cancellation);
        var key = Path.Combine(_folder.FullName, SimulatedTokens.SshVariable);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var lab = _homelab.LabFile(new SimulatedLabFileOptions { Reference = static variable => $"file:{variable}" });
        var path = Path.Combine(_folder.FullName, "homelab.yaml");
        await File.WriteAllTextAsync(path, lab.Replace($"\"{_homelab.Engines["dev"].TcpEndpoint}\"", $"\"{docker}\"", StringComparison.Ordinal), Cancellation);
        return await HomelabRuntime.OpenAsync(new LabReader(ProviderList.Settings, static _ => null).Read(path), new RuntimeOptions(), Cancellation);
    }

    private static async Task<IReadOnlyList<Container>> ListAsync(HomelabRuntime runtime)
    {
        var containers = new List<Container>();
        var request = new GateRequest { Operation = "docker_list_containers", Json = JsonSerializer.SerializeToElement(new { host = "dev" }), Caller = new Caller(Face.Interactive, "test") };
        await foreach (var item in runtime.Gate.QueryAsync(request, Cancellation)) containers.Add((Container)item);
        return containers;
    }

    private sealed class Yes : IConfirmation
    {
        public ValueTask<bool> ConfirmAsync(Intent intent, Decision decision, int number, CancellationToken cancellationToken) => ValueTask.FromResult(true);
    }
}
