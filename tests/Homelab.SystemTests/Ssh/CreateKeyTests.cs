using System.Diagnostics;
using Homelab.SystemTests.Peers;

namespace Homelab.SystemTests.Ssh;

/// <summary>Keys that ssh-keygen made for us.</summary>
public sealed class CreateKeyTests : IAsyncLifetime
{
    private KeyBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await KeyBench.StartAsync();

    public ValueTask DisposeAsync() => _bench is null ? ValueTask.CompletedTask : _bench.DisposeAsync();

    [Fact]
    public async Task A_key_is_for_its_owner_alone_and_is_told_with_the_line_for_the_lab_file()
    {
        var made = await MakeAsync(new { name = "dev" });

        var path = Path.Combine(_bench.Folder, "keys/dev_ed25519");
        Assert.Equal(("keys/dev_ed25519", "key: \"file:keys/dev_ed25519\"", "homelab-dev", false), (made.Path, made.LabLine, made.Comment, made.HasPassphrase));
        Assert.Equal($"256 {made.Fingerprint} homelab-dev (ED25519)", (await Sshd.RunAsync("ssh-keygen", "-l", "-f", path)).Trim());
        Assert.Equal(made.PublicKey, (await File.ReadAllTextAsync(path + ".pub", TestContext.Current.CancellationToken)).Trim());
        Assert.Contains("no passphrase", made.Warning, StringComparison.Ordinal);
        Assert.Equal([path, path + ".pub"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(path)!).Order(StringComparer.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        }
    }

    [Fact]
    public async Task A_key_is_never_overwritten()
    {
        var made = await MakeAsync(new { name = "dev" });

        var e = await _bench.FailAsync(_bench.Host(), "ssh_create_key", new { name = "dev" });

        Assert.Equal((ErrorKind.Conflict, "KeyExists", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.StartsWith(made.PublicKey, await Sshd.RunAsync("ssh-keygen", "-y", "-f", Path.Combine(_bench.Folder, made.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passphrase_protects_the_file()
    {
        _bench.Environment["PHRASE"] = "a 'long' $phrase";
        _bench.Environment["SHORT"] = "abcd";

        var made = await MakeAsync(new { name = "dev", passphrase = "env:PHRASE", comment = "for the dev machine" });

        var path = Path.Combine(_bench.Folder, made.Path);
        Assert.Equal((true, null), (made.HasPassphrase, made.Warning));
        Assert.StartsWith(made.PublicKey, await Sshd.RunAsync("ssh-keygen", "-y", "-P", "a 'long' $phrase", "-f", path), StringComparison.Ordinal);
        Assert.NotEqual(0, await OpensAsync(path, ""));
        Assert.Equal("InputInvalid", (await _bench.FailAsync(_bench.Host(), "ssh_create_key", new { name = "b", passphrase = "env:SHORT" })).Id);
        Assert.False(File.Exists(Path.Combine(_bench.Folder, "keys/b_ed25519")));
    }

    [Theory]
    [InlineData("../out")]
    [InlineData("/tmp/out")]
    [InlineData("keys/../../out")]
    [InlineData(".")]
    [InlineData("keys/")]
    public async Task A_key_lies_below_the_folder_of_the_lab_file(string path) =>
        Assert.Equal("InputInvalid", (await _bench.FailAsync(_bench.Host(), "ssh_create_key", new { name = "dev", path })).Id);

    private Task<SshKey> MakeAsync(object input) => _bench.DoneAsync<SshKey>(_bench.Host(), "ssh_create_key", input);

    private static async Task<int> OpensAsync(string path, string passphrase)
    {
        using var process = Process.Start(new ProcessStartInfo("ssh-keygen", ["-y", "-P", passphrase, "-f", path]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }
}
