using System.Net;
using Homelab.Providers.Ssh;

namespace Homelab.UnitTests.Providers.Ssh;

/// <summary>What ssh is told, and what it is given to read.</summary>
public sealed class SshWayTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hl-way-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_of_the_accounts_own_set_up_is_used_and_the_hosts_key_is_pinned()
    {
        using var way = await WayAsync(new SshDefinition { User = "automation", Port = 2222, HostKey = "ssh-ed25519 AAAA", Key = SecretReference.Parse("env:KEY", provider: null) });

        var words = way.Master(new SshManner(), "/tmp/100%/m1");

        var line = string.Join(' ', words);
        Assert.StartsWith("-F none -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=", line, StringComparison.Ordinal);
        foreach (var option in (string[])["GlobalKnownHostsFile=none", "HostKeyAlias=[dev.lan]:2222", "UpdateHostKeys=no", "HashKnownHosts=no", "ForwardAgent=no", "ClearAllForwardings=yes", "PermitLocalCommand=no", "IdentitiesOnly=yes", "ControlPersist=60"])
        {
            Assert.Contains("-o " + option, line, StringComparison.Ordinal);
        }

        Assert.EndsWith("-S /tmp/100%%/m1 -o ControlPersist=60 -- automation@100.64.0.1", line, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", line, StringComparison.Ordinal);
        Assert.Equal("[dev.lan]:2222 ssh-ed25519 AAAA\n", await File.ReadAllTextAsync(way.Files.KnownHosts, Cancel));
        Assert.Equal("PRIVATE KEY\n", await File.ReadAllTextAsync(way.Files.Key!, Cancel));
    }

    [Fact]
    public async Task Files_that_were_written_are_for_us_only_and_do_not_stay()
    {
        var way = await WayAsync(new SshDefinition { User = "automation", HostKey = "ssh-ed25519 AAAA", Key = SecretReference.Parse("env:KEY", provider: null) });
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(way.Files.Key!));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(way.Files.KnownHosts));
        }

        way.Dispose();

        Assert.False(Directory.Exists(Path.GetDirectoryName(way.Files.Key)));
    }

    [Fact]
    public async Task Without_a_pin_our_own_file_of_known_hosts_is_used_and_without_a_key_what_the_account_has()
    {
        using var way = await WayAsync(new SshDefinition { User = "automation" });

        Assert.Equal(Path.Combine(_folder, "known_hosts"), way.Files.KnownHosts);
        Assert.Null(way.Files.Key);
        Assert.DoesNotContain("IdentitiesOnly=yes", way.Options(new SshManner()));
        Assert.Contains("HostKeyAlias=dev.lan", way.Options(new SshManner()));
    }

    [Theory]
    [InlineData("", "automation")]
    [InlineData("-oProxyCommand=x", "automation")]
    [InlineData("dev lan", "automation")]
    [InlineData("dev.lan", "-l")]
    [InlineData("dev.lan", "a;b")]
    public void What_ssh_would_read_as_something_else_is_no_host_and_no_account(string address, string user)
    {
        var e = Assert.Throws<HomelabException>(() => SshLogin.Of("dev", new HostDefinition { Address = address, Ssh = new SshDefinition { User = user } }));

        Assert.Equal((ErrorKind.Invalid, "SshNotConfigured", true), (e.Kind, e.Id, e.NothingHappened));
    }

    [Fact]
    public void A_proxy_command_is_quoted_for_ssh_and_for_the_shell() => Assert.Equal("ssh -S '/a b/100%%'", SshWay.ProxyOf(["ssh", "-S", "/a b/100%"]));

    [Fact]
    public void Only_root_ends_what_root_runs()
    {
        var line = RemoteLine.Of("dev", RemoteCommand.Of("reboot"), sudo: true);

        Assert.EndsWith($" homelab {line.Mark} sudo -n -- reboot", line.Text, StringComparison.Ordinal);
        Assert.Contains("sudo -n kill -TERM -$$ || kill -TERM -$$", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("sudo", RemoteLine.Of("dev", RemoteCommand.Of("reboot"), sudo: false).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mark_is_never_used_twice() =>
        Assert.Equal(100, Enumerable.Range(0, 100).Select(static _ => RemoteLine.Of("dev", RemoteCommand.Of("true"), sudo: false).Mark).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void What_is_longer_than_a_program_can_be_given_is_refused() =>
        Assert.Equal("CommandInvalid", Assert.Throws<HomelabException>(static () => RemoteLine.Of("dev", RemoteCommand.Of("echo", new string('x', RemoteLine.Longest)), sudo: false)).Id);

    [Fact]
    public void A_fingerprint_is_written_as_ssh_keygen_writes_it() =>
        Assert.Equal("SHA256:WmLxKDiYDvl8WLi9OEeGRi8hyKVDQrjqAfVUAjLzrYs", HostKeyScan.FingerprintOf("AAAAC3NzaC1lZDI1NTE5AAAAIHLUx/swu+R4LpPaxeYdcXTdIE5+uMxEDTCcWgtbplRE"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<SshWay> WayAsync(SshDefinition ssh)
    {
        var login = SshLogin.Of("dev", new HostDefinition { Address = "Dev.lan", Ssh = ssh });
        return new SshWay(login, IPAddress.Parse("100.64.0.1"), await SshFiles.PrepareAsync(login, _folder, new Secrets(), Cancel), Proxy: null);
    }

    private sealed class Secrets : ISecretSource
    {
        public ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) => ValueTask.FromResult(new Secret("PRIVATE KEY"));
    }
}
