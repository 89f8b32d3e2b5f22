using Homelab.Providers.Ssh;

namespace Homelab.UnitTests.Providers.Ssh;

public sealed class SshProcessTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-sshp-");

    [Fact]
    public async Task What_a_program_says_of_its_failure_is_heard_to_the_end_however_late_it_comes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program of this test is a shell script.");
        var program = Path.Combine(_folder.FullName, "ssh");
        // It has ended when its last words come.
        await File.WriteAllTextAsync(program, "#!/bin/sh\n(sleep 1; echo 'Permission denied (publickey).' >&2) &\nexit 255\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var manner = new SshManner { Program = program, ConnectTimeout = TimeSpan.FromMinutes(5), EndPatience = TimeSpan.FromMinutes(5) };

        var (exitCode, said) = await SshProcess.RunAsync("dev", manner, [], staysBehind: false, TestContext.Current.CancellationToken);

        Assert.Equal((255, "Permission denied (publickey).\n"), (exitCode, said));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
