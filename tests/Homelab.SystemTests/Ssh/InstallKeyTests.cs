using Homelab.SystemTests.Peers;

namespace Homelab.SystemTests.Ssh;

/// <summary>From a password or an old key to a login with a key of our own.</summary>
public sealed class InstallKeyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_made_installed_by_another_one_and_logs_in()
    {
        await using var bench = await StartAsync();
        await bench.LetInAsync("# by hand\nno-pty ssh-ed25519 AAAAnothing caf\u00e9 \n", ended: false);
        var before = await File.ReadAllBytesAsync(bench.AuthorizedKeys, Cancel);

        var made = await bench.DoneAsync<SshKey>(bench.Host(), "ssh_create_key", new { name = "dev" });
        var host = bench.Sshd.Host() with { Ssh = bench.Sshd.Host().Ssh! with { Key = Reference("file:" + made.Path) } };
        Assert.Equal("SshDenied", (await Assert.ThrowsAsync<HomelabException>(() => bench.LogInAsync(host))).Id);
        var installed = await bench.DoneAsync<AuthorizedKey>(host, "ssh_install_key", new { host = "dev", @using = "file:" + bench.Sshd.In("login_key") });

        Assert.Equal(("dev", Environment.UserName, made.Fingerprint, "homelab-dev", "restrict", true), (installed.Host, installed.User, installed.Fingerprint, installed.Comment, installed.Options, installed.Added));
        Assert.Equal(Environment.UserName == "root", installed.Warning is not null);
        Assert.Equal(0, await bench.LogInAsync(host));
        // Every byte that was there, its last line ended, and ours.
        byte[] after = [.. before, .. "\n"u8, .. System.Text.Encoding.UTF8.GetBytes($"restrict {made.PublicKey}\n")];
        Assert.Equal(after, await File.ReadAllBytesAsync(bench.AuthorizedKeys, Cancel));

        var again = await bench.DoneAsync<AuthorizedKey>(host, "ssh_install_key", new { host = "dev" });
        Assert.False(again.Added);
        Assert.Equal(after, await File.ReadAllBytesAsync(bench.AuthorizedKeys, Cancel));
    }

    [Fact]
    public async Task A_password_opens_the_door_once_and_stands_in_no_command_line()
    {
        const string Password = "corr ect'$horse\"";
        await using var bench = await StartAsync(Password, "PermitRootLogin yes", "Match all", "PasswordAuthentication yes");
        bench.Environment["FIRST"] = Password;
        bench.Environment["WRONG"] = "wrong-password";
        var seen = Path.Combine(bench.Folder, "words");
        var program = Path.Combine(bench.Folder, "ssh");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nprintf '%s\\n' \"$@\" >>{seen}\nexec ssh \"$@\"\n", Cancel);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        bench.Manner = bench.Manner with { Program = program };
        var made = await bench.DoneAsync<SshKey>(bench.Host(), "ssh_create_key", new { name = "dev" });
        var host = bench.Sshd.Host() with { Ssh = bench.Sshd.Host().Ssh! with { Key = Reference("file:" + made.Path) } };

        var wrong = await bench.FailAsync(host, "ssh_install_key", new { host = "dev", password = "env:WRONG" });
        Assert.Equal((ErrorKind.Denied, "SshDenied", true), (wrong.Kind, wrong.Id, wrong.NothingHappened));
        Assert.Contains("did not accept env:WRONG", wrong.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(bench.AuthorizedKeys));

        Assert.True((await bench.DoneAsync<AuthorizedKey>(host, "ssh_install_key", new { host = "dev", password = "env:FIRST" })).Added);

        Assert.Equal(0, await bench.LogInAsync(host));
        Assert.Equal($"restrict {made.PublicKey}\n", await File.ReadAllTextAsync(bench.AuthorizedKeys, Cancel));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(bench.AuthorizedKeys));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(bench.AuthorizedKeys)!));
        }

        var words = await File.ReadAllTextAsync(seen, Cancel);
        Assert.Contains("PreferredAuthentications=password", words, StringComparison.Ordinal);
        Assert.DoesNotContain("horse", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_not_told_to_a_host_that_nobody_knows()
    {
        await using var bench = await StartAsync("first-password", "PermitRootLogin yes", "Match all", "PasswordAuthentication yes");
        bench.Environment["FIRST"] = "first-password";
        await bench.DoneAsync<SshKey>(bench.Host(), "ssh_create_key", new { name = "dev" });

        var e = await bench.FailAsync(bench.Host("file:keys/dev_ed25519"), "ssh_install_key", new { host = "dev", password = "env:FIRST" });

        Assert.Equal("HostKeyUnknown", e.Id);
        await bench.Sshd.HearAsync();
        Assert.DoesNotContain(bench.Sshd.Log, static l => l.Contains("password", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Where_nobody_is_let_in_the_ways_in_are_named()
    {
        await using var bench = await StartAsync();
        var made = await bench.DoneAsync<SshKey>(bench.Host(), "ssh_create_key", new { name = "dev" });
        var host = bench.Sshd.Host() with { Ssh = bench.Sshd.Host().Ssh! with { Key = Reference("file:" + made.Path) } };

        var e = await bench.FailAsync(host, "ssh_install_key", new { host = "dev" });

        Assert.Equal((ErrorKind.Denied, "SshDenied", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("-Password env:NAME", e.WayOut, StringComparison.Ordinal);
        Assert.False(File.Exists(bench.AuthorizedKeys));
    }

    [Fact]
    public async Task A_key_with_other_limits_is_written_anew_only_when_asked_and_a_link_stays_one()
    {
        await using var bench = await StartAsync();
        var real = bench.Sshd.In("home/keys-elsewhere");
        await bench.LetInAsync("from=\"10.0.0.0/8,127.0.0.1,::1\",no-agent-forwarding ");
        File.Move(bench.AuthorizedKeys, real);
        File.CreateSymbolicLink(bench.AuthorizedKeys, real);
        var host = bench.Sshd.Host();

        var e = await bench.FailAsync(host, "ssh_install_key", new { host = "dev" });
        Assert.Equal((ErrorKind.Conflict, "KeyHasOtherLimits", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("'from=\"10.0.0.0/8,127.0.0.1,::1\",no-agent-forwarding' and not 'restrict'", e.Message, StringComparison.Ordinal);

        var replaced = await bench.DoneAsync<AuthorizedKey>(host, "ssh_install_key", new { host = "dev", replace = true, from = (string[])["127.0.0.0/8", "::1"] });
        Assert.Equal("from=\"127.0.0.0/8,::1\",restrict", replaced.Options);
        Assert.StartsWith("from=\"127.0.0.0/8,::1\",restrict ssh-ed25519 ", Assert.Single(await File.ReadAllLinesAsync(real, Cancel)), StringComparison.Ordinal);
        Assert.NotNull(new FileInfo(bench.AuthorizedKeys).LinkTarget);
        Assert.Equal(0, await bench.LogInAsync(host));
    }

    [Fact]
    public async Task A_key_that_does_not_log_in_afterwards_is_not_installed()
    {
        await using var bench = await StartAsync();
        await bench.LetInAsync();
        var made = await bench.DoneAsync<SshKey>(bench.Host(), "ssh_create_key", new { name = "dev" });

        // We come from 127.0.0.1.
        var e = await bench.FailAsync(bench.Sshd.Host(), "ssh_install_key", new { host = "dev", key = "file:" + made.Path, from = (string[])["10.0.0.0/8"] });

        Assert.Equal((ErrorKind.Failed, "KeyNotAccepted"), (e.Kind, e.Id));
        Assert.Contains("-From", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0.0/8\",command=\"id")]
    [InlineData("*")]
    public async Task Only_addresses_and_networks_get_into_the_line(string from)
    {
        await using var bench = await StartAsync();

        Assert.Equal("InputInvalid", (await bench.FailAsync(bench.Sshd.Host(), "ssh_install_key", new { host = "dev", from = (string[])[from] })).Id);
    }

    private static SecretReference Reference(string text) => SecretReference.Parse(text, provider: null);

    private static Task<KeyBench> StartAsync(string? password = null, params string[] settings) => KeyBench.StartAsync(password, settings);
}
