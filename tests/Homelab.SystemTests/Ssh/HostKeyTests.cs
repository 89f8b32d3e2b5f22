using System.Text.RegularExpressions;
using Homelab.SystemTests.Peers;

namespace Homelab.SystemTests.Ssh;

/// <summary>How a host becomes known, and what happens when it shows another key.</summary>
public sealed class HostKeyTests : IAsyncLifetime
{
    private KeyBench _bench = null!;
    private HostDefinition _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await KeyBench.StartAsync();
        await _bench.LetInAsync();
        _host = _bench.Host("file:" + _bench.Sshd.In("login_key"));
    }

    public ValueTask DisposeAsync() => _bench is null ? ValueTask.CompletedTask : _bench.DisposeAsync();

    [Fact]
    public async Task The_command_that_an_unknown_host_is_told_with_makes_it_known()
    {
        var unknown = await Assert.ThrowsAsync<HomelabException>(() => _bench.LogInAsync(_host));
        var command = Regex.Match(unknown.WayOut, "Register-HlHostKey (?<host>dev) -Fingerprint (?<print>SHA256:[A-Za-z0-9+/]{43})", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

        var known = await _bench.DoneAsync<HostKeyRecord>(_host, "ssh_trust_host", new { host = command.Groups["host"].Value, fingerprint = command.Groups["print"].Value });

        Assert.Equal(("dev", $"[127.0.0.1]:{_bench.Sshd.Port}", "ssh-ed25519", await _bench.Sshd.FingerprintAsync("host_key")), (known.Host, known.Address, known.Type, known.Fingerprint));
        Assert.Equal((_bench.KnownHosts, 1), (known.KnownHosts, known.Line));
        Assert.Equal(0, await _bench.LogInAsync(_host));
        // ssh's own tool finds it, too.
        Assert.Contains(_bench.Sshd.HostKey, await Sshd.RunAsync("ssh-keygen", "-F", known.Address, "-f", _bench.KnownHosts), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_bench.KnownHosts));
        // Who gave the fingerprint has compared it.
        Assert.DoesNotContain(_bench.Asked, static q => q.Number == 2);
    }

    [Fact]
    public async Task A_host_that_shows_another_key_than_the_given_one_is_not_written_down()
    {
        var e = await _bench.FailAsync(_host, "ssh_trust_host", new { host = "dev", fingerprint = await _bench.Sshd.FingerprintAsync("other_key") });

        Assert.Equal((ErrorKind.Denied, "HostKeyMismatch", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains(await _bench.Sshd.FingerprintAsync("host_key"), e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_bench.KnownHosts));
    }

    [Fact]
    public async Task A_changed_key_is_taken_only_in_place_of_the_old_one_and_the_other_lines_stay()
    {
        var other = await _bench.Sshd.PublicKeyAsync("other_key");
        var name = $"[127.0.0.1]:{_bench.Sshd.Port}";
        var before = $"# mine\n10.0.0.9,{name} {other} by hand\n\n10.0.0.8 {other}\n{name} {other}\nodd \u00e9 line";
        await File.WriteAllTextAsync(_bench.KnownHosts, before, Cancel);
        var input = new { host = "dev", fingerprint = await _bench.Sshd.FingerprintAsync("host_key") };

        var changed = await Assert.ThrowsAsync<HomelabException>(() => _bench.LogInAsync(_host));
        Assert.Equal("HostKeyChanged", changed.Id);
        Assert.EndsWith($"Register-HlHostKey dev -Fingerprint {input.fingerprint} -Replace", changed.WayOut, StringComparison.Ordinal);

        var refused = await _bench.FailAsync(_host, "ssh_trust_host", input);
        Assert.Equal((ErrorKind.Conflict, "HostKeyChanged"), (refused.Kind, refused.Id));
        Assert.Contains("line 2 of", refused.Message, StringComparison.Ordinal);
        Assert.Contains("-Replace", refused.WayOut, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(_bench.KnownHosts, Cancel));

        var replaced = await _bench.DoneAsync<HostKeyRecord>(_host, "ssh_trust_host", new { input.host, input.fingerprint, replace = true });
        var fingerprint = await _bench.Sshd.FingerprintAsync("other_key");
        Assert.Equal([fingerprint, fingerprint], replaced.Replaced);
        Assert.Equal($"# mine\n10.0.0.9 {other} by hand\n\n10.0.0.8 {other}\nodd \u00e9 line\n{name} {_bench.Sshd.HostKey}\n", await File.ReadAllTextAsync(_bench.KnownHosts, Cancel));
        Assert.Equal(0, await _bench.LogInAsync(_host));
    }

    [Fact]
    public async Task What_is_known_stays_as_it_is()
    {
        var input = new { host = "DEV", fingerprint = await _bench.Sshd.FingerprintAsync("host_key") };
        await _bench.DoneAsync<HostKeyRecord>(_host, "ssh_trust_host", input);
        var before = await File.ReadAllTextAsync(_bench.KnownHosts, Cancel);

        Assert.Empty((await _bench.DoneAsync<HostKeyRecord>(_host, "ssh_trust_host", new { input.host, input.fingerprint, replace = true })).Replaced);

        Assert.Equal(before, await File.ReadAllTextAsync(_bench.KnownHosts, Cancel));
    }

    [Fact]
    public async Task A_line_that_ssh_hashed_is_read_and_replaced()
    {
        await File.WriteAllTextAsync(_bench.KnownHosts, $"[127.0.0.1]:{_bench.Sshd.Port} {await _bench.Sshd.PublicKeyAsync("other_key")}\n", Cancel);
        await Sshd.RunAsync("ssh-keygen", "-H", "-f", _bench.KnownHosts);
        var input = new { host = "dev", fingerprint = await _bench.Sshd.FingerprintAsync("host_key"), replace = true };

        Assert.StartsWith("|1|", await File.ReadAllTextAsync(_bench.KnownHosts, Cancel), StringComparison.Ordinal);
        Assert.Single((await _bench.DoneAsync<HostKeyRecord>(_host, "ssh_trust_host", input)).Replaced);

        Assert.Equal(0, await _bench.LogInAsync(_host));
    }

    [Fact]
    public async Task A_key_that_the_lab_file_pins_is_never_overridden()
    {
        var pinned = _host with { Ssh = _host.Ssh! with { HostKey = await _bench.Sshd.PublicKeyAsync("other_key") } };
        var input = new { host = "dev", fingerprint = await _bench.Sshd.FingerprintAsync("host_key"), replace = true };

        var e = await _bench.FailAsync(pinned, "ssh_trust_host", input);

        Assert.Equal((ErrorKind.Conflict, "HostKeyPinned"), (e.Kind, e.Id));
        Assert.EndsWith($"change hosts.dev.ssh.hostKey to: {_bench.Sshd.HostKey}", e.WayOut, StringComparison.Ordinal);
        Assert.False(File.Exists(_bench.KnownHosts));
        Assert.True((await _bench.DoneAsync<HostKeyRecord>(pinned with { Ssh = pinned.Ssh! with { HostKey = _bench.Sshd.HostKey } }, "ssh_trust_host", input)).IsPinned);
    }

    [Fact]
    public async Task A_revoked_key_is_not_trusted()
    {
        await File.WriteAllTextAsync(_bench.KnownHosts, $"@revoked * {_bench.Sshd.HostKey}\n", Cancel);

        var e = await _bench.FailAsync(_host, "ssh_trust_host", new { host = "dev", fingerprint = await _bench.Sshd.FingerprintAsync("host_key"), replace = true });

        Assert.Equal((ErrorKind.Denied, "HostKeyRevoked"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task Without_a_fingerprint_the_person_at_the_prompt_is_asked_for_the_one_that_is_shown()
    {
        _bench.Agrees = false;
        Assert.IsType<GateOutcome.Declined>(await _bench.RunAsync(_host, "ssh_trust_host", new { host = "dev" }));
        Assert.False(File.Exists(_bench.KnownHosts));
        Assert.Contains((2, $"Trust host key {await _bench.Sshd.FingerprintAsync("host_key")} of dev"), _bench.Asked);

        _bench.Agrees = true;
        await _bench.DoneAsync<HostKeyRecord>(_host, "ssh_trust_host", new { host = "dev" });
        Assert.Equal(0, await _bench.LogInAsync(_host));
    }

    [Fact]
    public async Task Without_a_fingerprint_an_approval_holds_for_the_one_that_was_shown()
    {
        var waiting = Assert.IsType<GateOutcome.Waiting>(await _bench.RunAsync(_host, "ssh_trust_host", new { host = "dev" }, Face.Mcp));
        Assert.Contains(await _bench.Sshd.FingerprintAsync("host_key"), waiting.Approval.Question, StringComparison.Ordinal);
        Assert.False(File.Exists(_bench.KnownHosts));
        await _bench.Approvals.ApproveAsync(waiting.Approval.Id, "cli:somebody", null, Cancel);

        // A machine that shows another key is another question.
        await using var other = await KeyBench.StartAsync();
        var mismatch = await Assert.ThrowsAnyAsync<HomelabException>(() => _bench.RunAsync(other.Host(), "ssh_trust_host", new { host = "dev" }, Face.Mcp, waiting.Approval.Id));
        Assert.Equal("ApprovalMismatch", mismatch.Id);
        Assert.False(File.Exists(_bench.KnownHosts));

        Assert.IsType<GateOutcome.Done>(await _bench.RunAsync(_host, "ssh_trust_host", new { host = "dev" }, Face.Mcp, waiting.Approval.Id));
        Assert.Equal(0, await _bench.LogInAsync(_host));
    }

    [Fact]
    public async Task What_is_trusted_is_listed_with_its_place()
    {
        Assert.Empty(await _bench.ListAsync(_host));
        await File.WriteAllTextAsync(_bench.KnownHosts, $"# none\n*.lan {_bench.Sshd.HostKey}\n[127.0.0.1]:{_bench.Sshd.Port} {_bench.Sshd.HostKey}\n", Cancel);

        var listed = Assert.Single(await _bench.ListAsync(_host, "d*"));
        Assert.Equal((await _bench.Sshd.FingerprintAsync("host_key"), 3, false), (listed.Fingerprint, listed.Line, listed.IsPinned));
        Assert.True(Assert.Single(await _bench.ListAsync(_bench.Sshd.Host(), "dev")).IsPinned);
        Assert.Equal("HostNotFound", (await Assert.ThrowsAnyAsync<HomelabException>(() => _bench.ListAsync(_host, "deb"))).Id);
    }
}
