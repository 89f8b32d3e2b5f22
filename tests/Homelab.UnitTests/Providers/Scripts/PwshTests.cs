using Homelab.Providers.Scripts;

namespace Homelab.UnitTests.Providers.Scripts;

public sealed class PwshTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hlp");
    private readonly string _program;

    public PwshTests()
    {
        _program = Path.Combine(_folder.FullName, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");
        File.WriteAllText(_program, "");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void It_is_found_on_the_path_and_folders_that_depend_on_where_one_stands_do_not_count()
    {
        var path = string.Join(Path.PathSeparator, "", ".", "/nowhere", _folder.FullName);

        Assert.Equal(_program, new Pwsh(null, n => n == "PATH" ? path : null).Find());
    }

    [Theory]
    [InlineData(null, "not on the PATH")]
    [InlineData("/nowhere/pwsh", "there is no /nowhere/pwsh")]
    public void Where_it_is_not_installed_the_way_out_is_told(string? program, string why)
    {
        var e = Assert.Throws<HomelabException>(() => new Pwsh(program, static _ => null).Find());

        Assert.Equal((ErrorKind.Invalid, "PwshNotFound"), (e.Kind, e.Id));
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
        Assert.EndsWith("Install PowerShell 7.6, or set providers.scripts.pwsh in the lab file.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_the_environment_a_script_has_only_what_a_shell_needs()
    {
        var start = new Pwsh(_program, static n => n is "HOME" or "TELEGRAM_BOT_TOKEN" or "PSModulePath" ? "value of " + n : null).Start("/s/a.ps1", "/s", ["-Days", "7"]);

        Assert.Equal("value of HOME", start.Environment["HOME"]);
        Assert.Equal(["HOME", "NO_COLOR", "POWERSHELL_TELEMETRY_OPTOUT", "POWERSHELL_UPDATECHECK"], start.Environment.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["-NoLogo", "-NoProfile", "-NonInteractive", "-File", "/s/a.ps1", "-Days", "7"], start.ArgumentList);
    }
}
