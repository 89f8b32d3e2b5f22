using Homelab.Providers.Ssh;
using Homelab.SystemTests.Peers;

namespace Homelab.SystemTests.Ssh;

/// <summary>Many commands over few connections, and hosts behind other hosts.</summary>
public sealed class SharingTests
{
    private static readonly RemoteCommand s_true = RemoteCommand.Of("true");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_login_is_enough_for_many_commands()
    {
        await using var bench = await SshBench.StartAsync();
        var hosts = bench.Hosts();

        for (var i = 0; i < 30; i++) await hosts.RunAsync("dev", s_true, Cancel);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => hosts.RunAsync("dev", s_true, Cancel)));

        Assert.Equal(1, await bench.Sshd.LoginsAsync());
    }

    [Theory]
    [InlineData(32, 4)]
    [InlineData(5, 1)]
    public async Task Fifty_at_once_all_get_their_answer(int atOnce, int connections)
    {
        await using var bench = await SshBench.StartAsync();
        var hosts = bench.Hosts(h => h with { Ssh = h.Ssh! with { AtOnce = atOnce } });

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => hosts.RunAsync("dev", RemoteCommand.Of("sh", "-c", $"sleep 0.2; echo {i}"), Cancel)));

        Assert.Equal(Enumerable.Range(0, 50).Select(static i => $"{i}\n"), results.Select(static r => r.Output));
        Assert.InRange(await bench.Sshd.LoginsAsync(), 1, connections);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_host_that_opens_few_sessions_is_asked_for_no_more(int sessions)
    {
        await using var bench = await SshBench.StartAsync($"MaxSessions {sessions}");
        var hosts = bench.Hosts();

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => hosts.RunAsync("dev", RemoteCommand.Of("echo", $"{i}"), Cancel)));

        Assert.Equal(Enumerable.Range(0, 50).Select(static i => $"{i}\n"), results.Select(static r => r.Output));
    }

    [Fact]
    public async Task A_host_that_opens_no_session_is_told()
    {
        await using var bench = await SshBench.StartAsync("MaxSessions 0");

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Hosts().RunAsync("dev", s_true, Cancel));

        Assert.Equal((ErrorKind.Denied, "SshDenied", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("MaxSessions", e.WayOut, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_waits_for_a_place_and_gives_up_takes_none()
    {
        await using var bench = await SshBench.StartAsync();
        var hosts = bench.Hosts(static h => h with { Ssh = h.Ssh! with { AtOnce = 1 } });
        using var wish = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var first = hosts.RunAsync("dev", RemoteCommand.Of("sleep", "600"), wish.Token);
        var second = hosts.RunAsync("dev", s_true, wish.Token);
        var third = hosts.RunAsync("dev", s_true, Cancel);

        await wish.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(0, (await third).ExitCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_behind_another_is_reached_through_it(bool shares)
    {
        await using var edge = await SshBench.StartAsync();
        await using var inner = new Sshd();
        await inner.StartAsync();
        await using var deep = new Sshd();
        await deep.StartAsync();
        var hosts = edge.Lab(
            new Dictionary<string, HostDefinition>(StringComparer.Ordinal)
            {
                ["edge"] = edge.Sshd.Host(),
                ["inner"] = Behind(inner, "edge"),
                ["deep"] = Behind(deep, "inner", "::1"),
            },
            SshBench.Patient with { Shares = shares });

        var result = await hosts.RunAsync("deep", RemoteCommand.Of("sh", "-c", "echo ${SSH_CONNECTION##* }; echo \"$1\"", "x", "a 'b' %h"), Cancel);

        Assert.Equal((0, $"{deep.Port}\na 'b' %h\n"), (result.ExitCode, result.Output));
        Assert.Equal((1, 1, 1), (await edge.Sshd.LoginsAsync(), await inner.LoginsAsync(), await deep.LoginsAsync()));
    }

    [Fact]
    public async Task A_jump_host_whose_connection_was_killed_is_logged_in_to_anew()
    {
        await using var edge = await SshBench.StartAsync();
        await using var inner = new Sshd();
        await inner.StartAsync();
        var hosts = edge.Lab(new Dictionary<string, HostDefinition>(StringComparer.Ordinal) { ["edge"] = edge.Sshd.Host(), ["inner"] = Behind(inner, "edge") });
        await hosts.RunAsync("inner", s_true, Cancel);
        var master = Assert.Single(ProcessTable.With($"{edge.Sshd.Port} -M -N"));
        // SIGKILL leaves its socket behind.
        await Sshd.RunAsync("kill", "-KILL", $"{master}");
        await Tests.Eventually.HoldsAsync("both connections have ended", () => Task.FromResult(ProcessTable.With($"{inner.Port} -M -N").Count + ProcessTable.With($"{edge.Sshd.Port} -M -N").Count == 0), Cancel);

        Assert.Equal(0, (await hosts.RunAsync("inner", s_true, Cancel)).ExitCode);
        Assert.Equal((2, 2), (await edge.Sshd.LoginsAsync(), await inner.LoginsAsync()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Behind_a_jump_host_the_failures_are_told_apart_as_well(bool shares)
    {
        await using var edge = await SshBench.StartAsync();
        await using var inner = new Sshd();
        await inner.StartAsync();
        var unknown = Behind(inner, "edge");
        var away = Behind(inner, "edge");
        var hosts = edge.Lab(
            new Dictionary<string, HostDefinition>(StringComparer.Ordinal)
            {
                ["edge"] = edge.Sshd.Host(),
                ["closed"] = edge.Sshd.Host(key: "other_key"),
                ["unknown"] = unknown with { Ssh = unknown.Ssh! with { HostKey = null } },
                ["away"] = away with { Ssh = away.Ssh! with { Port = 1 } },
                ["shut"] = Behind(inner, "closed"),
            },
            SshBench.Patient with { Shares = shares });

        var e = await FailsAsync("unknown");
        Assert.Equal("HostKeyUnknown", e.Id);
        Assert.Contains($"Register-HlHostKey unknown -Fingerprint {await inner.FingerprintAsync("host_key")}", e.WayOut, StringComparison.Ordinal);
        e = await FailsAsync("away");
        Assert.Equal("SshUnreachable", e.Id);
        Assert.Contains(shares ? "edge did not get through to 127.0.0.1:1" : "nobody listens at 127.0.0.1:1", e.What, StringComparison.Ordinal);
        e = await FailsAsync("shut");
        Assert.Equal("SshDenied", e.Id);

        async Task<HomelabException> FailsAsync(string host) => await Assert.ThrowsAsync<HomelabException>(() => hosts.RunAsync(host, s_true, Cancel));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_program_is_spoken_with_until_its_stream_is_disposed(bool shares)
    {
        await using var bench = await SshBench.StartAsync();
        var hosts = bench.Hosts(manner: SshBench.Patient with { Shares = shares });
        var name = "hl" + Guid.NewGuid().ToString("N");
        await using (var talk = await hosts.OpenAsync("dev", ["sh", "-c", "echo hello >&2; cat; sleep 600", name], Cancel))
        {
            var bytes = new byte[100_000];
            new Random(1).NextBytes(bytes);
            var writing = talk.Stream.WriteAsync(bytes, Cancel);
            var back = new byte[bytes.Length];
            await talk.Stream.ReadExactlyAsync(back, Cancel);
            await writing;

            Assert.Equal(bytes, back);
            await Tests.Eventually.HoldsAsync("what it said beside it", async () => await talk.LastWordsAsync() == "hello", Cancel);
        }

        await Tests.Eventually.HoldsAsync("it has ended there", () => Task.FromResult(ProcessTable.With(name).Count == 0), Cancel);
    }

    [Fact]
    public async Task What_is_spoken_with_takes_no_place_from_commands()
    {
        await using var bench = await SshBench.StartAsync();
        var hosts = bench.Hosts(static h => h with { Ssh = h.Ssh! with { AtOnce = 1 } });
        await using var talk = await hosts.OpenAsync("dev", ["cat"], Cancel);

        Assert.Equal(0, (await hosts.RunAsync("dev", s_true, Cancel)).ExitCode);
    }

    [Fact]
    public async Task The_end_of_a_program_is_the_end_of_its_stream()
    {
        await using var bench = await SshBench.StartAsync();
        await using var talk = await bench.Hosts(manner: SshBench.Patient with { EndPatience = TimeSpan.FromMinutes(3) }).OpenAsync("dev", ["sh", "-c", "echo bye; echo why >&2"], Cancel);
        using var reader = new StreamReader(talk.Stream);

        Assert.Equal("bye\n", await reader.ReadToEndAsync(Cancel));
        Assert.Equal("why", await talk.LastWordsAsync());
    }

    private static HostDefinition Behind(Sshd sshd, string jump, string address = "127.0.0.1")
    {
        var host = sshd.Host(address);
        return host with { Ssh = host.Ssh! with { Jump = jump } };
    }
}
