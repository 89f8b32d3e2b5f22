using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Homelab.Providers.Ssh;
using Homelab.SystemTests.Peers;
using Homelab.Tests;

namespace Homelab.SystemTests.Ssh;

/// <summary>What keeps us out of a host, and that each cause is told apart.</summary>
public sealed class LoginTests : IAsyncLifetime
{
    private static readonly RemoteCommand s_true = RemoteCommand.Of("true");

    private SshBench _bench = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // OpenSSH for Windows shares no connections: there each command makes its own.
    public static TheoryData<bool> Manners => [true, false];

    public async ValueTask InitializeAsync() => _bench = await SshBench.StartAsync();

    public ValueTask DisposeAsync() => _bench is null ? ValueTask.CompletedTask : _bench.DisposeAsync();

    [Theory]
    [MemberData(nameof(Manners))]
    public async Task A_host_that_nobody_knows_is_told_with_its_fingerprint(bool shares)
    {
        var e = await FailsAsync(_bench.Hosts(static h => h with { Ssh = h.Ssh! with { HostKey = null } }, Manner(shares)));

        var fingerprint = await _bench.Sshd.FingerprintAsync("host_key");
        Assert.Equal((ErrorKind.Denied, "HostKeyUnknown", "dev", true), (e.Kind, e.Id, e.Target, e.NothingHappened));
        Assert.Contains(fingerprint, e.What, StringComparison.Ordinal);
        Assert.Contains($"Register-HlHostKey dev -Fingerprint {fingerprint}", e.WayOut, StringComparison.Ordinal);
        Assert.Equal(0, await _bench.Sshd.LoginsAsync());
    }

    [Theory]
    [MemberData(nameof(Manners))]
    public async Task A_host_with_another_key_than_the_known_one_is_told_with_both(bool shares)
    {
        var other = await _bench.Sshd.PublicKeyAsync("other_key");
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder, "known_hosts"), $"[127.0.0.1]:{_bench.Sshd.Port} {other}\n", Cancel);

        var known = await FailsAsync(_bench.Hosts(static h => h with { Ssh = h.Ssh! with { HostKey = null } }, Manner(shares)));
        var pinned = await FailsAsync(_bench.Hosts(h => h with { Ssh = h.Ssh! with { HostKey = other } }, Manner(shares)));

        var fingerprint = await _bench.Sshd.FingerprintAsync("host_key");
        foreach (var e in (HomelabException[])[known, pinned])
        {
            Assert.Equal((ErrorKind.Denied, "HostKeyChanged", true), (e.Kind, e.Id, e.NothingHappened));
            Assert.Contains(fingerprint, e.What, StringComparison.Ordinal);
        }

        Assert.Contains($"Register-HlHostKey dev -Fingerprint {fingerprint} -Replace", known.WayOut, StringComparison.Ordinal);
        Assert.Contains("hosts.dev.ssh.hostKey", pinned.WayOut, StringComparison.Ordinal);
        Assert.Equal(0, await _bench.Sshd.LoginsAsync());
    }

    [Theory]
    [MemberData(nameof(Manners))]
    public async Task A_key_that_is_not_accepted_is_named(bool shares)
    {
        var e = await FailsAsync(_bench.Hosts(h => h with { Ssh = h.Ssh! with { Key = SecretReference.Parse("file:" + _bench.Sshd.In("other_key"), provider: null) } }, Manner(shares)));

        Assert.Equal((ErrorKind.Denied, "SshDenied", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("did not accept file:", e.What, StringComparison.Ordinal);
        Assert.Contains("authorized_keys", e.WayOut, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_others_may_read_is_no_key()
    {
        var path = _bench.Sshd.In("open_key");
        File.Copy(_bench.Sshd.In("login_key"), path);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        var e = await FailsAsync(_bench.Hosts(h => h with { Ssh = h.Ssh! with { Key = SecretReference.Parse("file:" + path, provider: null) } }));

        Assert.Equal("SshDenied", e.Id);
        Assert.Contains("chmod 600", e.WayOut, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_a_setting_to_be_set_right()
    {
        var e = await FailsAsync(_bench.Hosts(static h => h with { Ssh = h.Ssh! with { Key = SecretReference.Parse("file:nowhere", provider: null) } }));

        Assert.Equal((ErrorKind.Invalid, "SshNotConfigured"), (e.Kind, e.Id));
    }

    [Theory]
    [MemberData(nameof(Manners))]
    public async Task Where_nobody_listens_it_is_said_at_once(bool shares)
    {
        using var port = new ClosedPort();

        var e = await FailsAsync(_bench.Hosts(h => h with { Ssh = h.Ssh! with { Port = port.Number } }, Manner(shares)));

        Assert.Equal((ErrorKind.Unavailable, "SshUnreachable", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains($"nobody listens at 127.0.0.1:{port.Number}", e.What, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Manners))]
    public async Task Who_takes_the_connection_and_says_nothing_is_not_waited_for_long(bool shares)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var e = await FailsAsync(_bench.Hosts(h => h with { Ssh = h.Ssh! with { Port = port } }, Manner(shares) with { ConnectTimeout = TimeSpan.FromSeconds(1) }));

        Assert.Equal((ErrorKind.Unavailable, "SshUnreachable"), (e.Kind, e.Id));
        // It says nothing for ever: whatever ended the wait is our own limit.
        Assert.Contains("did not answer within 1s", e.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_speaks_another_language_is_not_reached()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener);

        var e = await FailsAsync(_bench.Hosts(h => h with { Ssh = h.Ssh! with { Port = ((IPEndPoint)listener.LocalEndpoint).Port } }));

        Assert.Equal((ErrorKind.Unavailable, "SshUnreachable"), (e.Kind, e.Id));
        listener.Stop();
        await serving;

        static async Task ServeAsync(TcpListener listener)
        {
            using var client = await listener.AcceptTcpClientAsync(Cancel);
            await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), Cancel);
        }
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_told()
    {
        var e = await FailsAsync(_bench.Hosts(static h => h with { Address = "no-such-host.invalid" }));

        Assert.Equal((ErrorKind.Unavailable, "SshUnreachable", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("its name is not known", e.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_outside_of_the_networks_is_not_connected_to()
    {
        var e = await FailsAsync(_bench.Hosts(networks: ["100.64.0.0/10", "fd7a:115c:a1e0::/48"]));

        Assert.Equal((ErrorKind.Denied, "SshNetworkDenied", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("127.0.0.1", e.What, StringComparison.Ordinal);
        Assert.Contains("100.64.0.0/10, fd7a:115c:a1e0::/48", e.What, StringComparison.Ordinal);
        Assert.Equal(0, await _bench.Sshd.LoginsAsync());
        Assert.Equal(0, (await _bench.Hosts(networks: ["127.0.0.0/8"]).RunAsync("dev", s_true, Cancel)).ExitCode);
    }

    [Theory]
    [InlineData("::1")]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Known_hosts_are_read_as_ssh_itself_writes_them(string address)
    {
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder, "known_hosts"), $"[{address}]:{_bench.Sshd.Port} {_bench.Sshd.HostKey}\n", Cancel);

        var result = await _bench.Hosts(h => h with { Address = address, Ssh = h.Ssh! with { HostKey = null } }).RunAsync("dev", RemoteCommand.Of("sh", "-c", "echo ${SSH_CONNECTION%% *}"), Cancel);

        Assert.Equal(0, result.ExitCode);
        if (address == "::1") Assert.Equal("::1\n", result.Output);
    }

    [Fact]
    public async Task Without_a_key_the_agent_is_asked()
    {
        var socket = Path.Combine(_bench.Folder, "a");
        using var agent = Process.Start(new ProcessStartInfo("ssh-agent", ["-D", "-a", socket]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var before = Environment.GetEnvironmentVariable("SSH_AUTH_SOCK");
        try
        {
            await Tests.Eventually.HoldsAsync("the agent listens", () => Task.FromResult(Listens(socket)), Cancel);
            Environment.SetEnvironmentVariable("SSH_AUTH_SOCK", socket);
            var hosts = _bench.Hosts(static h => h with { Ssh = h.Ssh! with { Key = null } });
            Assert.Equal("SshDenied", (await FailsAsync(hosts)).Id);
            await Sshd.RunAsync("ssh-add", "-q", _bench.Sshd.In("login_key"));

            Assert.Equal(0, (await hosts.RunAsync("dev", s_true, Cancel)).ExitCode);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SSH_AUTH_SOCK", before);
            agent.Kill();
            await agent.WaitForExitAsync(Cancel);
        }
    }

    [Theory]
    [MemberData(nameof(Manners))]
    public async Task An_account_that_runs_something_else_is_not_taken_for_our_command(bool shares)
    {
        var path = _bench.Sshd.In("authorized_keys");
        await File.WriteAllTextAsync(path, $"command=\"echo backup only\" {await File.ReadAllTextAsync(path, Cancel)}", Cancel);

        var e = await FailsAsync(_bench.Hosts(manner: Manner(shares)));

        Assert.Equal((ErrorKind.Denied, "SshDenied", false), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("command=", e.WayOut, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_told_with_the_nearest_name()
    {
        var e = await Assert.ThrowsAsync<HomelabException>(() => _bench.Hosts().RunAsync("dve", s_true, Cancel));
        var without = await Assert.ThrowsAsync<HomelabException>(() => _bench.Hosts(static h => h with { Ssh = null }).RunAsync("dev", s_true, Cancel));

        Assert.Equal((ErrorKind.NotFound, "HostNotFound"), (e.Kind, e.Id));
        Assert.Contains("'dev'", e.WayOut, StringComparison.Ordinal);
        Assert.Equal((ErrorKind.Invalid, "SshNotConfigured"), (without.Kind, without.Id));
    }

    [Fact]
    public async Task A_look_at_the_key_logs_nobody_in_and_writes_the_line_of_known_hosts()
    {
        var hosts = _bench.Hosts(static h => h with { Ssh = h.Ssh! with { HostKey = null } });

        var scan = await hosts.ScanAsync("dev", Cancel);

        Assert.Equal(await _bench.Sshd.FingerprintAsync("host_key"), scan.Fingerprint);
        Assert.Equal($"[127.0.0.1]:{_bench.Sshd.Port} {_bench.Sshd.HostKey}", scan.Line);
        Assert.Equal(0, await _bench.Sshd.LoginsAsync());
    }

    [Fact]
    public async Task A_look_at_the_lab_tells_of_every_host_whether_it_lets_us_in()
    {
        var lab = new LabDefinition { Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal) { ["dev"] = _bench.Sshd.Host(), ["shut"] = _bench.Sshd.Host(key: "other_key") } };
        // On a clock that stands still: on a busy machine a look takes longer than it may.
        var context = new ProviderContext(lab, _bench.Folder, null!, new ManualTime());
        await using var provider = new SshProvider(new SshHosts(context, SshBench.Patient), context);

        var checks = await provider.CheckAsync(Cancel).OrderBy(static c => c.Name, StringComparer.Ordinal).ToListAsync(Cancel);

        Assert.Equal([("ssh@dev", CheckStatus.Ok), ("ssh@shut", CheckStatus.Failed)], checks.Select(static c => (c.Name, c.Status)));
        Assert.Contains($"is let in at 127.0.0.1 port {_bench.Sshd.Port}, a command takes ", checks[0].Detail, StringComparison.Ordinal);
        Assert.Contains("authorized_keys", checks[1].Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        var e = await FailsAsync(_bench.Hosts(manner: SshBench.Patient with { Program = "no-such-ssh" }));

        Assert.Equal("SshUnreachable", e.Id);
        Assert.Contains("'no-such-ssh' cannot be started", e.Message, StringComparison.Ordinal);
    }

    // Its file is there before it listens.
    private static bool Listens(string path)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static SshManner Manner(bool shares) => SshBench.Patient with { Shares = shares };

    private static Task<HomelabException> FailsAsync(SshHosts hosts) => Assert.ThrowsAsync<HomelabException>(() => hosts.RunAsync("dev", s_true, Cancel));
}
