using Homelab.Configuration;
using Homelab.Lab.Docker;
using Homelab.Providers.Docker;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Docker.Stacks;

/// <summary>Where stacks are found, on this machine's own disk and shell; what runs compose is tested against a real one.</summary>
public sealed class StackPlaceTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hlstack");
    private SimulatedDockerEngine _engine = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _engine = await SimulatedDockerEngine.StartAsync(new SimulatedDockerEngineOptions(), Cancel);

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("../etc")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("/etc")]
    [InlineData("-x")]
    [InlineData("A")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("a@../dev")]
    [InlineData("")]
    public void A_path_is_no_name_of_a_stack(string text) => Assert.False(StackRef.TryParse(text, provider: null, out _));

    [Fact]
    public async Task A_folder_of_the_folder_of_stacks_is_a_stack()
    {
        Write("media/compose.yml", "services: { web: { image: a } }");
        using var engines = Engines(out var stacks, new DockerSettings { StackFolders = Folders() });

        var look = await stacks.LookAsync(new StackRef("media"), Cancel);

        Assert.Equal(("media@dev", "compose.yml", "media"), (look.Place.ToString(), look.Home.Name, look.Project));
        Assert.Equal(StackHome.HashOf("services: { web: { image: a } }"u8), look.Home.Hash);
    }

    [Fact]
    public async Task A_stack_that_the_lab_file_names_wins_over_all_others()
    {
        Write("media/compose.yml", "services: { web: { image: a } }");
        Write("other/compose.yml", "services: { db: { image: a } }");
        var stacks = new Dictionary<string, StackDefinition>(StringComparer.Ordinal) { ["media"] = new() { Host = "dev", Folder = Path.Combine(_folder.FullName, "other") } };
        using var engines = Engines(out var keeper, new DockerSettings { StackFolders = Folders(), Stacks = stacks });

        Assert.Equal(["db"], (await keeper.LookAsync(new StackRef("media"), Cancel)).Reading.Services);
    }

    [Fact]
    public async Task A_stack_that_nobody_named_is_found_by_the_labels_of_its_containers()
    {
        Write("deep/shop/compose.yaml", "services: { web: { image: a } }");
        Container("shop_web_1", "shop", "deep/shop");
        using var engines = Engines(out var stacks, new DockerSettings());

        var look = await stacks.LookAsync(new StackRef("shop@dev"), Cancel);

        Assert.Equal("shop", look.Project);
        Assert.Equal(["shop_web_1"], look.Containers.Select(c => c.Name));
        Assert.Contains("container:shop_web_1@dev", look.Aliases);
    }

    [Fact]
    public async Task Containers_that_name_several_folders_leave_it_open()
    {
        Container("a", "shop", "one");
        Container("b", "shop", "two");
        using var engines = Engines(out var stacks, new DockerSettings());

        Assert.Equal("StackAmbiguous", (await Assert.ThrowsAsync<HomelabException>(() => stacks.FindAsync(new StackRef("shop"), Cancel))).Id);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_not_found_and_the_way_out_is_told()
    {
        using var engines = Engines(out var stacks, new DockerSettings { StackFolders = Folders() });

        var e = await Assert.ThrowsAsync<HomelabException>(() => stacks.FindAsync(new StackRef("nowhere"), Cancel));

        Assert.Equal(("StackNotFound", ErrorKind.NotFound), (e.Id, e.Kind));
        Assert.Contains("providers.docker.stacks", e.WayOut, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("relative/folder")]
    [InlineData("/opt/../etc")]
    public async Task A_folder_that_is_no_plain_path_is_refused(string folder)
    {
        var named = new Dictionary<string, StackDefinition>(StringComparer.Ordinal) { ["media"] = new() { Host = "dev", Folder = folder } };
        using var engines = Engines(out var stacks, new DockerSettings { Stacks = named });

        Assert.Equal("StackPlaceInvalid", (await Assert.ThrowsAsync<HomelabException>(() => stacks.FindAsync(new StackRef("media"), Cancel))).Id);
    }

    [Fact]
    public async Task A_folder_that_is_a_link_out_of_the_folder_of_stacks_is_refused()
    {
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "media"), "/etc");
        using var engines = Engines(out var stacks, new DockerSettings { StackFolders = Folders() });

        var e = await Assert.ThrowsAsync<HomelabException>(() => stacks.FindAsync(new StackRef("media"), Cancel));

        Assert.Equal(("StackAstray", ErrorKind.Denied), (e.Id, e.Kind));
    }

    [Fact]
    public async Task Compose_files_that_the_environment_names_are_left_to_people()
    {
        Write("media/compose.yml", "services: { web: { image: a } }");
        Write("media/.env", "COMPOSE_FILE=/etc/compose.yaml\n");
        using var engines = Engines(out var stacks, new DockerSettings { StackFolders = Folders() });

        Assert.Equal("StackFilesElsewhere", (await Assert.ThrowsAsync<HomelabException>(() => stacks.LookAsync(new StackRef("media"), Cancel))).Id);
    }

    [Fact]
    public async Task The_project_is_what_the_environment_says()
    {
        Write("media/compose.yml", "services: { web: { image: a } }");
        Write("media/.env", "PASSWORD=x\nCOMPOSE_PROJECT_NAME=\"films\"\n");
        using var engines = Engines(out var stacks, new DockerSettings { StackFolders = Folders() });

        Assert.Equal("films", (await stacks.LookAsync(new StackRef("media"), Cancel)).Project);
    }

    [Fact]
    public async Task A_file_that_is_no_yaml_is_told_with_its_line()
    {
        Write("media/compose.yml", "services:\n  web: [\n");
        using var engines = Engines(out var stacks, new DockerSettings { StackFolders = Folders() });

        var e = await Assert.ThrowsAsync<HomelabException>(() => stacks.LookAsync(new StackRef("media"), Cancel));

        Assert.Equal("StackFileInvalid", e.Id);
        Assert.Contains("compose.yml of stack media@dev, line 3", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_not_read()
    {
        Write("media/compose.yml", new string('#', StackHome.Largest + 1));
        using var engines = Engines(out var stacks, new DockerSettings { StackFolders = Folders() });

        Assert.Equal("StackFileTooLarge", (await Assert.ThrowsAsync<HomelabException>(() => stacks.LookAsync(new StackRef("media"), Cancel))).Id);
    }

    private Dictionary<string, string> Folders() => new(StringComparer.Ordinal) { ["dev"] = _folder.FullName };

    private void Write(string file, string text)
    {
        var path = Path.Combine(_folder.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private void Container(string name, string project, string folder) => _engine.Add(new SimulatedContainerSpec
    {
        Name = name,
        Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["com.docker.compose.project"] = project, ["com.docker.compose.service"] = name, ["com.docker.compose.project.working_dir"] = Path.Combine(_folder.FullName, folder) },
    });

    private DockerEngines Engines(out StackKeeper stacks, DockerSettings settings)
    {
        var lab = new LabDefinition
        {
            Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal) { ["dev"] = new() { Docker = new DockerEndpointDefinition { Url = _engine.Endpoint } } },
            Providers = new Dictionary<string, object>(StringComparer.Ordinal) { ["docker"] = settings },
        };
        var context = new ProviderContext(lab, AppContext.BaseDirectory, null!, new PatientTime()) { Yaml = new YamlReader() };
        var engines = new DockerEngines(context);
        stacks = new StackKeeper(context, engines);
        return engines;
    }
}
