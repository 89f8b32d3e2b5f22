using Homelab.PowerShell.Hosting;
using Homelab.Tests;

namespace Homelab.UnitTests.PowerShell.Hosting;

public sealed class HostProgramTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-host-");
    private readonly string _host;

    public HostProgramTests()
    {
        _host = Path.Combine(_folder.FullName, "host");
        Write("host/homelab.dll", "");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_folder_without_the_program_says_to_install_the_module_anew()
    {
        File.Delete(Path.Combine(_host, "homelab.dll"));
        var e = await Assert.ThrowsAsync<HomelabException>(() => FindAsync());
        Assert.Equal((ErrorKind.NotFound, "HostMissing", _host), (e.Kind, e.Id, e.Target));
        Assert.Contains("Install the module anew", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_dotnet_it_says_which_runtime_to_install_and_how()
    {
        var e = await Assert.ThrowsAsync<HomelabException>(() => FindAsync(("PATH", _folder.FullName), ("DOTNET_ROOT", Path.Combine(_folder.FullName, "nowhere"))));
        Assert.Equal((ErrorKind.NotFound, "HostRuntimeMissing", _host), (e.Kind, e.Id, e.Target));
        Assert.Contains("ASP.NET Core 10", e.Message, StringComparison.Ordinal);
        Assert.Contains("https://dotnet.microsoft.com/download/dotnet/10.0", e.Message, StringComparison.Ordinal);
        Assert.Contains("self-contained package", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dotnet_without_the_web_runtime_is_as_good_as_none()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The dotnet of this test is a shell script.");
        WriteDotnet("plain", "Microsoft.NETCore.App 10.0.3 [/x]", "Microsoft.AspNetCore.App 9.0.1 [/x]");
        var e = await Assert.ThrowsAsync<HomelabException>(() => FindAsync(("PATH", Path.Combine(_folder.FullName, "plain"))));
        Assert.Equal("HostRuntimeMissing", e.Id);
    }

    [Theory]
    [InlineData("DOTNET_ROOT", null)]
    [InlineData("PATH", null)]
    [InlineData(null, "web")]
    public async Task The_first_dotnet_that_has_it_starts_it(string? variable, string? usual)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The dotnet of this test is a shell script.");
        var dotnet = WriteDotnet("web", "Microsoft.AspNetCore.App 10.0.3 [/x]", "Microsoft.NETCore.App 10.0.3 [/x]");
        WriteDotnet("plain", "Microsoft.NETCore.App 10.0.3 [/x]");
        var plain = Path.Combine(_folder.FullName, "plain");
        var web = Path.GetDirectoryName(dotnet)!;
        (string, string)[] environment = variable switch
        {
            "DOTNET_ROOT" => [("DOTNET_ROOT", web), ("PATH", plain)],
            "PATH" => [("DOTNET_ROOT", plain), ("PATH", $"{plain}{Path.PathSeparator}{web}")],
            _ => [("PATH", plain)],
        };
        var program = await HostProgram.FindAsync(_host, Read(environment), usual is null ? [] : [web], TestContext.Current.CancellationToken);
        Assert.Equal(dotnet, program.FileName);
        Assert.Equal([Path.Combine(_host, "homelab.dll")], program.Arguments);
    }

    [Fact]
    public async Task A_dotnet_that_cannot_be_run_is_passed_over()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The dotnet of this test is a shell script.");
        Write("broken/dotnet", "");
        var dotnet = WriteDotnet("web", "Microsoft.AspNetCore.App 10.0.3 [/x]");
        var program = await FindAsync(("DOTNET_ROOT", Path.Combine(_folder.FullName, "broken")), ("PATH", Path.GetDirectoryName(dotnet)!));
        Assert.Equal(dotnet, program.FileName);
    }

    [Fact]
    public async Task A_self_contained_program_needs_no_dotnet()
    {
        var own = WriteSelfContained();
        var program = await FindAsync();
        Assert.Equal(own, program.FileName);
        Assert.Empty(program.Arguments);
    }

    [Fact]
    public async Task A_self_contained_program_that_was_unpacked_from_a_package_may_be_run_again_by_who_may_read_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        if (OperatingSystem.IsWindows()) return;
        var own = WriteSelfContained();
        File.SetUnixFileMode(own, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        await FindAsync();
        Assert.Equal(Executable, File.GetUnixFileMode(own));
    }

    private Task<HostProgram> FindAsync(params (string Name, string Value)[] environment) => HostProgram.FindAsync(_host, Read(environment), [], TestContext.Current.CancellationToken);

    private static Func<string, string?> Read(IEnumerable<(string Name, string Value)> environment) => environment.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal).GetValueOrDefault;

    private string WriteSelfContained()
    {
        Write(OperatingSystem.IsWindows() ? "host/coreclr.dll" : OperatingSystem.IsMacOS() ? "host/libcoreclr.dylib" : "host/libcoreclr.so", "");
        return Write(OperatingSystem.IsWindows() ? "host/homelab.exe" : "host/homelab", "");
    }

    private string WriteDotnet(string folder, params string[] runtimes)
    {
        var path = Path.Combine(_folder.CreateSubdirectory(folder).FullName, "dotnet");
        return Script.Write(path, $"#!/bin/sh\n[ \"$1\" = --list-runtimes ] || exit 2\ncat <<'END'\n{string.Join('\n', runtimes)}\nEND\n");
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
