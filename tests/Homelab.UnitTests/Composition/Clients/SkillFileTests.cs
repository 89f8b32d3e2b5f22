using Homelab.Composition.Clients;

namespace Homelab.UnitTests.Composition.Clients;

public sealed class SkillFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-skill-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(_folder.FullName, "docker-control", "SKILL.md");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task It_is_written_once_and_then_again_only_when_it_says_something_else()
    {
        var first = await WriteAsync("one\n");
        Assert.Equal(Path, first.Path);
        Assert.StartsWith("one\n\n<!-- Written by Export-HlSkill, sha256 ", await File.ReadAllTextAsync(Path, Cancellation), StringComparison.Ordinal);
        Assert.False((await PlanAsync("one\n")).Changes);
        await WriteAsync("two\n");
        Assert.StartsWith("two\n", await File.ReadAllTextAsync(Path, Cancellation), StringComparison.Ordinal);
        Assert.Equal(["SKILL.md"], Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!).Select(System.IO.Path.GetFileName));
    }

    [Fact]
    public async Task Other_line_ends_are_nobodys_edit()
    {
        await WriteAsync("one\nline\n");
        await File.WriteAllTextAsync(Path, (await File.ReadAllTextAsync(Path, Cancellation)).ReplaceLineEndings("\r\n"), Cancellation);
        Assert.False((await PlanAsync("one\nline\n")).Changes);
        Assert.True((await PlanAsync("two\n")).Changes);
    }

    [Theory]
    [InlineData("one", "One")]
    [InlineData("sha256 ", "sha256 0")]
    [InlineData("-->\n", "-->\nand more\n")]
    public async Task What_a_person_has_edited_is_replaced_only_by_force(string from, string to)
    {
        await WriteAsync("one\n");
        var edited = (await File.ReadAllTextAsync(Path, Cancellation)).Replace(from, to, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path, edited, Cancellation);
        var refused = await Assert.ThrowsAsync<HomelabException>(() => PlanAsync("two\n"));
        Assert.Equal((ErrorKind.Conflict, "SkillEdited"), (refused.Kind, refused.Id));
        Assert.Contains("-Force", refused.Message, StringComparison.Ordinal);
        Assert.Equal(edited, await File.ReadAllTextAsync(Path, Cancellation));
        await (await PlanAsync("two\n", force: true)).SaveAsync(Cancellation);
        Assert.StartsWith("two\n", await File.ReadAllTextAsync(Path, Cancellation), StringComparison.Ordinal);
    }

    private Task<SkillFile> PlanAsync(string text, bool force = false) => SkillFile.PlanAsync(_folder.FullName, "docker-control", text, force, Cancellation);

    private async Task<SkillFile> WriteAsync(string text)
    {
        var plan = await PlanAsync(text);
        Assert.True(plan.Changes);
        await plan.SaveAsync(Cancellation);
        return plan;
    }
}
