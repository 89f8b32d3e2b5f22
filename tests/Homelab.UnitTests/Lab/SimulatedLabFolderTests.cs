using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Lab;

namespace Homelab.UnitTests.Lab;

public sealed class SimulatedLabFolderTests : IAsyncLifetime
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("homelab-folder-");
    private SimulatedHomelab _homelab = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _homelab = await SimulatedHomelab.StartAsync(new SimulatedCrowd(40, 3), Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _homelab.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_lab_is_read_without_a_warning_and_its_secrets_without_the_environment()
    {
        using var written = await SimulatedLabFolder.WriteAsync(_homelab, null, Cancellation);
        var file = new LabReader(ProviderList.Settings, static _ => null).Read(written.LabFile);
        Assert.Empty(file.Warnings);
        Assert.Equal((Level.Manage, "traefik@infra"), (file.Lab.Access.Interactive, Assert.Single(file.Lab.Policy.Protected)));
        Assert.Equal(HomelabPlan.Hosts.Select(h => h.Name).Concat(["rack-01", "rack-02", "rack-03"]).Order(StringComparer.Ordinal), file.Lab.Hosts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(written.Hook.Authority, file.Lab.Server.Listen);
        Assert.InRange(written.Hook.Port, 20_000, 30_000);

        var secrets = new SecretSource(file.BasePath, new SecretRedactor(), static _ => null);
        Assert.Equal(_homelab.Tokens.Hook, (await secrets.ResolveAsync(file.Lab.Hooks["uptime-alert"].Token, Cancellation)).Reveal());
        Assert.Equal(_homelab.Tokens.Telegram, (await secrets.ResolveAsync(file.Lab.Notify.Telegram!.Token, Cancellation)).Reveal());
        Assert.All(_homelab.Tokens.Environment.Values.Where(static v => v.Length > 8), v => Assert.DoesNotContain(v, File.ReadAllText(written.LabFile), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Its_secrets_are_readable_by_this_user_alone()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has no such rights; the folder inherits those of the user's temporary one.");
        using (await SimulatedLabFolder.WriteAsync(_homelab, Path.Combine(_folder.FullName, "new"), Cancellation)) AssertOwn("new");
        // Also when one is written over that somebody has opened to all.
        foreach (var secret in SecretsOf("new"))
        {
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(secret, OwnFile | UnixFileMode.OtherRead);
        }

        using (await SimulatedLabFolder.WriteAsync(_homelab, Path.Combine(_folder.FullName, "new"), Cancellation)) AssertOwn("new");
    }

    [Fact]
    public async Task A_folder_that_was_made_for_it_goes_with_it_and_a_named_one_stays()
    {
        var named = await SimulatedLabFolder.WriteAsync(_homelab, Path.Combine(_folder.FullName, "a", "b"), Cancellation);
        var own = await SimulatedLabFolder.WriteAsync(_homelab, null, Cancellation);
        Assert.True(File.Exists(own.LabFile));
        named.Dispose();
        own.Dispose();
        Assert.True(File.Exists(named.LabFile));
        Assert.False(Directory.Exists(own.Path));
    }

    [Theory]
    [InlineData("homelab.yaml")]
    [InlineData("notes.txt")]
    public async Task A_folder_with_something_of_somebodys_own_is_left_alone(string name)
    {
        var path = Path.Combine(_folder.FullName, name);
        await File.WriteAllTextAsync(path, "mine", Cancellation);
        var error = await Assert.ThrowsAsync<HomelabException>(() => SimulatedLabFolder.WriteAsync(_homelab, _folder.FullName, Cancellation));
        Assert.Equal((ErrorKind.Conflict, "LabFolderInUse", _folder.FullName), (error.Kind, error.Id, error.Target));
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(_folder.FullName));
        Assert.Equal("mine", await File.ReadAllTextAsync(path, Cancellation));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told()
    {
        var path = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(path, "mine", Cancellation);
        var error = await Assert.ThrowsAsync<HomelabException>(() => SimulatedLabFolder.WriteAsync(_homelab, Path.Combine(path, "below"), Cancellation));
        Assert.Equal("LabFolderUnwritable", error.Id);
    }

    [Fact]
    public void A_crowd_is_spread_evenly_and_fares_like_a_real_one()
    {
        var containers = _homelab.Crowd.PlannedHosts.Select(h => _homelab.Engines[h.Name].Containers).ToArray();
        Assert.Equal([14, 13, 13], containers.Select(c => c.Count));
        var all = containers.SelectMany(c => c).ToArray();
        Assert.Equal(40, all.Select(c => c.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.InRange(all.Count(c => c.Running && c.Health is not ContainerHealth.Unhealthy), 30, 39);
        Assert.Contains(all, c => c is { State: ContainerState.Exited, ExitCode: not 0 });
        Assert.Contains(all, c => c is { State: ContainerState.Exited, ExitCode: 0 });
        Assert.Contains(all, c => c is { Running: true, Health: ContainerHealth.Unhealthy });
        Assert.Contains(all, c => c.Health is ContainerHealth.None);
    }

    private void AssertOwn(string folder)
    {
        Assert.NotEmpty(SecretsOf(folder));
        foreach (var secret in SecretsOf(folder))
        {
            if (!OperatingSystem.IsWindows()) Assert.Equal(OwnFile, File.GetUnixFileMode(secret));
        }
    }

    private string[] SecretsOf(string folder) => Directory.GetFiles(Path.Combine(_folder.FullName, folder, "secrets"));
}
