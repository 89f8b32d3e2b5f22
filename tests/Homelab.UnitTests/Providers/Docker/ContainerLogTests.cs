using Homelab.Lab.Docker;
using Homelab.Providers.Docker;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Docker;

public sealed class ContainerLogTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("hll");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task A_log_on_this_machine_is_cut_and_measured()
    {
        await using var bench = await StartAsync();
        var path = WriteLog(bench, "gitea", new string('x', 5_000));

        var cut = await CutAsync(bench, "gitea");

        Assert.Equal(("gitea@dev", path, 5_000L, 0L, 5_000L), (cut.ToString(), cut.Path, cut.SizeBefore, cut.SizeAfter, cut.Freed));
        Assert.Equal(0, new FileInfo(path).Length);
        Assert.Empty(bench.Engine.Changes);
    }

    [Fact]
    public async Task Who_appends_to_it_goes_on_at_its_new_end()
    {
        await using var bench = await StartAsync();
        var path = WriteLog(bench, "gitea", new string('x', 5_000));
        await using var engine = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

        await CutAsync(bench, "gitea");
        File.AppendAllText(path, "next\n");

        Assert.Equal("next\n", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_empty_log_stays_empty()
    {
        await using var bench = await StartAsync();
        WriteLog(bench, "gitea", "");

        Assert.Equal(0, (await CutAsync(bench, "gitea")).Freed);
    }

    [Fact]
    public async Task A_log_on_another_machine_is_cut_over_ssh_as_root()
    {
        var hosts = new RecordedHosts("dev");
        await using var bench = await StartAsync(hosts);
        var container = Add(bench, "gitea");
        var size = 7_000;
        var roots = new List<bool>();
        hosts.On("stat -c %s -- ", command => Answer(command, $"{size}\n"));
        hosts.On("truncate -s 0 -- ", command =>
        {
            size = 12;
            return Answer(command, "");
        });

        var cut = await CutAsync(bench, "gitea");

        Assert.Equal((7_000L, 12L, 6_988L), (cut.SizeBefore, cut.SizeAfter, cut.Freed));
        Assert.Equal($"truncate -s 0 -- {LogOf(container.Id)}", Assert.Single(hosts.Lines, l => l.StartsWith("truncate", StringComparison.Ordinal)));
        Assert.All(roots, Assert.True);

        RemoteResult Answer(RemoteCommand command, string output)
        {
            roots.Add(command.AsRoot);
            return new RemoteResult { Host = "dev", Words = command.Words, ExitCode = 0, Output = output };
        }
    }

    [Theory]
    [InlineData("stat: cannot statx '/x': Permission denied", "ContainerLogUnreachable")]
    [InlineData("sudo: a password is required", "ContainerLogUnreachable")]
    [InlineData("stat: cannot statx '/x': No such file or directory", "ContainerLogNotFound")]
    [InlineData("stat: it burns", "ContainerLogNotCut")]
    public async Task What_the_host_says_is_told(string said, string id)
    {
        var hosts = new RecordedHosts("dev");
        await using var bench = await StartAsync(hosts);
        Add(bench, "gitea");
        hosts.On("stat", error: said, exitCode: 1);

        var e = await Assert.ThrowsAsync<HomelabException>(() => CutAsync(bench, "gitea"));

        Assert.Equal(id, e.Id);
        Assert.DoesNotContain(hosts.Lines, l => l.StartsWith("truncate", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_way_to_the_file_it_says_what_to_do()
    {
        await using var bench = await StartAsync();
        Add(bench, "gitea");

        var e = await Assert.ThrowsAsync<HomelabException>(() => CutAsync(bench, "gitea"));

        Assert.Equal((ErrorKind.Denied, "ContainerLogUnreachable"), (e.Kind, e.Id));
        Assert.Contains("hosts.dev.ssh", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("local", "ContainerLogUnsupported")]
    [InlineData("journald", "ContainerLogUnsupported")]
    [InlineData("", "ContainerLogUnsupported")]
    public async Task Logs_of_other_drivers_are_left_alone(string driver, string id)
    {
        await using var bench = await StartAsync();
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea", LogDriver = driver });

        Assert.Equal(id, (await Assert.ThrowsAsync<HomelabException>(() => CutAsync(bench, "gitea"))).Id);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("{root}/containers/{id}/{id}-json.log.1")]
    [InlineData("{root}/containers/{id}/../../{id}-json.log")]
    [InlineData("{root}/containers/other/other-json.log")]
    [InlineData("/elsewhere/containers/{id}/{id}-json.log")]
    public async Task A_file_that_is_no_log_of_that_container_is_never_touched(string named)
    {
        var hosts = new RecordedHosts("dev");
        await using var bench = await StartAsync(hosts);
        var id = SimulatedId(bench, "gitea");
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea", LogPath = named.Replace("{root}", _root.FullName, StringComparison.Ordinal).Replace("{id}", id, StringComparison.Ordinal) });

        var e = await Assert.ThrowsAsync<HomelabException>(() => CutAsync(bench, "gitea"));

        Assert.Equal((ErrorKind.Failed, "ContainerLogMisplaced"), (e.Kind, e.Id));
        Assert.Empty(hosts.Lines);
    }

    [Fact]
    public async Task A_link_in_its_place_is_not_followed()
    {
        await using var bench = await StartAsync();
        var path = WriteLog(bench, "gitea", "x");
        var other = Path.Combine(_root.FullName, "precious");
        await File.WriteAllTextAsync(other, "precious", TestContext.Current.CancellationToken);
        File.Delete(path);
        File.CreateSymbolicLink(path, other);

        Assert.Equal("ContainerLogUnreachable", (await Assert.ThrowsAsync<HomelabException>(() => CutAsync(bench, "gitea"))).Id);
        Assert.Equal("precious", await File.ReadAllTextAsync(other, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task One_that_was_never_started_has_no_log()
    {
        await using var bench = await StartAsync();
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea", Running = false });

        Assert.Equal("ContainerLogMissing", (await Assert.ThrowsAsync<HomelabException>(() => CutAsync(bench, "gitea"))).Id);
    }

    [Theory]
    [InlineData(true, ChangeStatus.Succeeded)]
    [InlineData(false, ChangeStatus.NotDone)]
    public async Task After_a_lost_connection_the_size_tells_whether_it_happened(bool happened, ChangeStatus expected)
    {
        var hosts = new RecordedHosts("dev");
        await using var bench = await StartAsync(hosts);
        Add(bench, "gitea");
        var size = 7_000;
        hosts.On("stat", command => new RemoteResult { Host = "dev", Words = command.Words, ExitCode = 0, Output = $"{size}" });
        hosts.On("truncate", _ =>
        {
            if (happened) size = 0;
            throw new HomelabException(ErrorKind.Unavailable, "SshConnectionLost", "The connection to dev was lost.", "dev");
        });
        var wish = new GateRequest { Operation = "docker_rotate_logs", Input = new ClearContainerLog.Input { Container = new ContainerRef("gitea") }, Caller = DockerBench.Person };

        await Record.ExceptionAsync(() => bench.Gate.InvokeAsync(wish, TestContext.Current.CancellationToken));

        Assert.Equal(expected, Assert.Single(bench.Store.Changes).Status);
    }

    private Task<DockerBench> StartAsync(IRemoteHosts? hosts = null) => DockerBench.StartAsync(new PatientTime(), new SimulatedDockerEngineOptions { DataRoot = _root.FullName }, static l => l, hosts);

    private static Task<ContainerLogCut> CutAsync(DockerBench bench, string container) => bench.ChangeAsync<ContainerLogCut>("docker_rotate_logs", new ClearContainerLog.Input { Container = new ContainerRef(container) });

    private SimulatedContainer Add(DockerBench bench, string name) => bench.Engine.Add(new SimulatedContainerSpec { Name = name, LogPath = LogOf(SimulatedId(bench, name)) });

    private string WriteLog(DockerBench bench, string name, string text)
    {
        var path = Add(bench, name).Spec.LogPath;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    // The same name has the same id each time.
    private static string SimulatedId(DockerBench bench, string name)
    {
        var container = bench.Engine.Add(new SimulatedContainerSpec { Name = name, Running = false });
        bench.Engine.Remove(container);
        return container.Id;
    }

    private string LogOf(string id) => $"{_root.FullName}/containers/{id}/{id}-json.log";
}
