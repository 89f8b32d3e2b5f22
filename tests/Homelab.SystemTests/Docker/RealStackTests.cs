using System.Runtime.Versioning;
using Homelab.Providers.Docker;
using Homelab.SystemTests.Peers;

namespace Homelab.SystemTests.Docker;

/// <summary>Stacks on a real engine, by the first docker-compose, which is the one that Debian has. Of the second only the words are tested elsewhere.</summary>
[Collection(SharedDockerd.Name)]
public sealed class RealStackTests(DockerdPeer dockerd)
{
    private const string Stay = "sh -c 'trap \"exit 0\" TERM; while true; do sleep 0.05; done'";
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static string Web(string more = "") => $"""
        services:
          web:
            image: {DockerdPeer.Image}
            command: {Stay}
            network_mode: none
            volumes: [ data:/data ]
            environment:
              DB_PASSWORD: correct horse
              COLOUR: blue
        {more}
        volumes:
          data:
        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stack_is_written_brought_up_changed_put_back_and_taken_down(bool overSsh)
    {
        await using var bench = await StackBench.StartAsync(dockerd, overSsh);
        var made = await bench.SetAsync(Web());
        var up = await bench.UpAsync();
        var volume = (await bench.QueryAsync<DockerVolume>("docker_list_volumes", new ListVolumes.Input { Stack = bench.Stack, Size = true })).Single();

        Assert.Equal(($"{bench.Folder}/compose.yaml", null, null), (made.Path, made.Backup, made.HashBefore));
        Assert.Equal("docker-compose 1.29.2", up.Compose);
        Assert.Equal(("web", ContainerState.Running), (up.Services.Single().Service, up.Services.Single().State));
        Assert.Equal(($"{bench.Stack}_data", $"{bench.Stack}_web_1"), (volume.Name, volume.UsedBy.Single()));
        Assert.NotNull(volume.Size);

        var read = await bench.ReadAsync();
        Assert.DoesNotContain("correct horse", read.Content, StringComparison.Ordinal);
        var changed = await bench.SetAsync(read.Content.Replace("blue", "red", StringComparison.Ordinal), read.Hash);
        await bench.UpAsync();
        var environment = await dockerd.RunAsync("inspect", "--format", "{{.Config.Env}}", $"{bench.Stack}_web_1");
        Assert.Contains("COLOUR=red", environment, StringComparison.Ordinal);
        Assert.Contains("DB_PASSWORD=correct horse", environment, StringComparison.Ordinal);

        var back = await bench.ChangeAsync<StackFileChange>("docker_write_compose", new WriteStackFile.Input { Stack = new StackRef(bench.Stack), Backup = changed.Backup, Hash = changed.Hash });
        Assert.Equal(made.Hash, back.Hash);
        Assert.Equal(Web(), await File.ReadAllTextAsync(bench.In("compose.yaml"), TestContext.Current.CancellationToken));

        var down = await bench.DownAsync();
        Assert.Equal([$"{bench.Stack}_web_1"], down.Removed);
        Assert.Equal("", await dockerd.RunAsync("ps", "-aq", "--filter", "label=com.docker.compose.project=" + bench.Stack));
        Assert.Equal(volume.Name, await dockerd.RunAsync("volume", "ls", "-q", "--filter", "name=" + volume.Name));
        Assert.Empty((await bench.DownAsync()).Removed);
    }

    [Fact]
    public async Task What_compose_finds_wrong_replaces_nothing()
    {
        await using var bench = await StackBench.StartAsync(dockerd);
        await bench.WriteAsync("docker-compose.yml", Web());
        var before = await bench.ReadAsync();

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.SetAsync("services: { web: { imag: x, environment: { A_TOKEN: hunter2hunter2 } } }", before.Hash));

        Assert.Equal(("StackFileInvalid", ErrorKind.Invalid), (e.Id, e.Kind));
        Assert.Contains("imag", e.Message, StringComparison.Ordinal);
        Assert.Equal(before.Hash, (await bench.ReadAsync()).Hash);
        Assert.Equal(["docker-compose.yml"], Directory.EnumerateFileSystemEntries(bench.Folder).Select(Path.GetFileName));
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task The_file_that_is_there_is_written_with_its_mode_and_never_a_second_one()
    {
        await using var bench = await StackBench.StartAsync(dockerd);
        await bench.WriteAsync("docker-compose.yml", Web());
        File.SetUnixFileMode(bench.In("docker-compose.yml"), OwnersOnly);
        for (var i = 0; i < 7; i++)
        {
            var before = await bench.ReadAsync();
            await bench.SetAsync(Web($"  # {i}"), before.Hash);
        }

        Assert.Equal(OwnersOnly, File.GetUnixFileMode(bench.In("docker-compose.yml")));
        Assert.Equal(5, (await bench.ReadAsync()).Backups.Count);
        Assert.All(Directory.EnumerateFiles(bench.Folder), f => Assert.StartsWith("docker-compose.yml", Path.GetFileName(f), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Somebody_elses_change_is_not_overwritten()
    {
        await using var bench = await StackBench.StartAsync(dockerd);
        await bench.WriteAsync("compose.yaml", Web());
        var before = await bench.ReadAsync();
        await bench.WriteAsync("compose.yaml", Web("  # by hand"));

        Assert.Equal("StackFileChanged", (await Assert.ThrowsAsync<HomelabException>(() => bench.SetAsync(Web(), before.Hash))).Id);
        Assert.Equal("StackFileExists", (await Assert.ThrowsAsync<HomelabException>(() => bench.SetAsync(Web()))).Id);
        Assert.Contains("# by hand", (await bench.ReadAsync()).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_files_the_one_that_compose_takes_is_read_and_the_other_is_told()
    {
        await using var bench = await StackBench.StartAsync(dockerd);
        await bench.WriteAsync("docker-compose.yml", Web("  # old"));
        await bench.WriteAsync("compose.yaml", Web("  # new"));
        await bench.WriteAsync(".env", "DB_PASSWORD=never shown\n");

        var read = await bench.ReadAsync();

        Assert.EndsWith("/compose.yaml", read.Path, StringComparison.Ordinal);
        Assert.Equal(["docker-compose.yml"], read.Ignored);
        Assert.Contains("docker-compose.yml", read.Warning, StringComparison.Ordinal);
        Assert.DoesNotContain("never shown", read.ToString() + read.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_leads_out_of_the_folder_is_not_followed()
    {
        await using var bench = await StackBench.StartAsync(dockerd);
        File.CreateSymbolicLink(bench.In("compose.yaml"), "/etc/passwd");
        Assert.Equal("StackAstray", (await Assert.ThrowsAsync<HomelabException>(bench.ReadAsync)).Id);

        File.Delete(bench.In("compose.yaml"));
        Directory.Delete(bench.Folder);
        Directory.CreateSymbolicLink(bench.Folder, "/etc");
        Assert.Equal("StackAstray", (await Assert.ThrowsAsync<HomelabException>(bench.ReadAsync)).Id);
        Assert.Equal("StackAstray", (await Assert.ThrowsAsync<HomelabException>(() => bench.SetAsync(Web()))).Id);
    }

    [Fact]
    public async Task A_service_that_ends_is_no_stack_that_is_up()
    {
        await using var bench = await StackBench.StartAsync(dockerd);
        await bench.WriteAsync("compose.yaml", Web($"  broken: {{ image: {DockerdPeer.Image}, command: sh -c 'exit 3', network_mode: none }}"));

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.UpAsync(TimeSpan.FromSeconds(20)));

        Assert.Equal(("StackNotUp", ErrorKind.Failed), (e.Id, e.Kind));
        Assert.Contains("broken: exited, exit code 3", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_nobody_has_fails_in_composes_own_words()
    {
        await using var bench = await StackBench.StartAsync(dockerd);
        await bench.WriteAsync("compose.yaml", "services: { web: { image: '127.0.0.1:9/nothing:1', network_mode: none } }");

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.UpAsync());

        Assert.Equal("ComposeFailed", e.Id);
        Assert.Contains("127.0.0.1:9", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stack_with_a_protected_container_is_not_taken_down()
    {
        await using var bench = await StackBench.StartAsync(dockerd, policy: new GatePolicy { Protected = ["container:*_web_1@dev"] });
        await bench.WriteAsync("compose.yaml", Web());
        await bench.UpAsync();

        var e = await Assert.ThrowsAsync<GateException>(bench.DownAsync);

        Assert.Equal(ErrorKind.Denied, e.Kind);
        Assert.Contains("is never destroyed", e.Message, StringComparison.Ordinal);
        Assert.NotEqual("", await dockerd.RunAsync("ps", "-q", "--filter", "label=com.docker.compose.project=" + bench.Stack));
    }

    [Fact]
    public async Task Networks_are_told_with_who_is_in_them()
    {
        await using var bench = await StackBench.StartAsync(dockerd);
        await bench.WriteAsync("compose.yaml", Web());
        await bench.UpAsync();

        var networks = await bench.QueryAsync<DockerNetwork>("docker_list_networks", new ListNetworks.Input());

        Assert.Contains($"{bench.Stack}_web_1", networks.Single(n => n.Name == "none").Containers);
        Assert.Equal("bridge", networks.Single(n => n.Name == DockerdPeer.Network).Driver);
        Assert.NotEmpty(networks.Single(n => n.Name == DockerdPeer.Network).Subnets);
    }
}
