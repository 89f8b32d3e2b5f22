using System.Security.Cryptography;
using Homelab.Providers.Scripts;

namespace Homelab.UnitTests.Providers.Scripts;

public sealed class ScriptFolderTests : IDisposable
{
    private readonly DirectoryInfo _base = Directory.CreateTempSubdirectory("hlf");
    private readonly ScriptFolder _folder;

    public ScriptFolderTests()
    {
        _folder = new ScriptFolder(In("scripts"));
        Write("scripts/report.ps1", "'all is well'");
        Write("scripts/heal/prune.ps1", "'pruned'");
        Write("outside.ps1", "'outside'");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _base.Delete(recursive: true);

    [Theory]
    [InlineData("report.ps1")]
    [InlineData("heal/prune.ps1")]
    public async Task A_script_below_the_folder_is_found_with_the_digest_of_its_content(string name)
    {
        var script = await _folder.FindAsync(name, Cancel);

        Assert.Equal((name, await File.ReadAllTextAsync(In("scripts/" + name), Cancel)), (script.Name, await File.ReadAllTextAsync(script.File, Cancel)));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(script.File, Cancel))), script.Sha256);
    }

    [Theory]
    [InlineData("../outside.ps1")]
    [InlineData("heal/../../outside.ps1")]
    [InlineData("./report.ps1")]
    [InlineData("/etc/report.ps1")]
    [InlineData("heal//prune.ps1")]
    [InlineData("heal\\prune.ps1")]
    [InlineData("C:report.ps1")]
    [InlineData("report.sh")]
    [InlineData("report.ps1\n")]
    [InlineData("")]
    public async Task What_is_no_plain_path_below_the_folder_is_refused(string name)
    {
        var e = await Assert.ThrowsAsync<HomelabException>(() => _folder.FindAsync(name, Cancel));

        Assert.Equal((ErrorKind.Invalid, "ScriptPathInvalid", true), (e.Kind, e.Id, e.NothingHappened));
    }

    [Fact]
    public async Task A_script_that_is_not_there_is_not_found_with_the_nearest_name()
    {
        var e = await Assert.ThrowsAsync<HomelabException>(() => _folder.FindAsync("heal/prun.ps1", Cancel));

        Assert.Equal("ScriptNotFound", e.Id);
        Assert.Contains("heal/prune.ps1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_out_of_the_folder_is_no_script_of_the_lab()
    {
        File.CreateSymbolicLink(In("scripts/link.ps1"), In("outside.ps1"));

        Assert.Equal((ErrorKind.Denied, "ScriptOutside"), await RefusalAsync("link.ps1"));
    }

    [Fact]
    public async Task Nor_is_what_lies_in_a_folder_that_links_out_of_it()
    {
        Write("elsewhere/evil.ps1", "'evil'");
        Directory.CreateSymbolicLink(In("scripts/way"), In("elsewhere"));

        Assert.Equal((ErrorKind.Denied, "ScriptOutside"), await RefusalAsync("way/evil.ps1"));
    }

    [Fact]
    public async Task A_folder_beside_it_whose_name_begins_alike_is_outside()
    {
        Write("scripts-old/evil.ps1", "'evil'");
        File.CreateSymbolicLink(In("scripts/link.ps1"), In("scripts-old/evil.ps1"));

        Assert.Equal((ErrorKind.Denied, "ScriptOutside"), await RefusalAsync("link.ps1"));
    }

    [Fact]
    public async Task Links_within_the_folder_and_a_folder_that_is_a_link_itself_are_followed()
    {
        File.CreateSymbolicLink(In("scripts/alias.ps1"), In("scripts/report.ps1"));
        Directory.CreateSymbolicLink(In("current"), In("scripts"));

        var script = await new ScriptFolder(In("current")).FindAsync("alias.ps1", Cancel);

        Assert.EndsWith("scripts/report.ps1", script.File, StringComparison.Ordinal);
    }

    private async Task<(ErrorKind Kind, string Id)> RefusalAsync(string name)
    {
        var e = await Assert.ThrowsAsync<HomelabException>(() => _folder.FindAsync(name, Cancel));
        return (e.Kind, e.Id);
    }

    private string In(string path) => Path.Combine(_base.FullName, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(path))!);
        File.WriteAllText(In(path), text);
    }
}
