using System.Diagnostics;
using Homelab.Providers.Ssh;
using Homelab.SystemTests.Peers;
using Homelab.Tests;

namespace Homelab.SystemTests.Ssh;

/// <summary>Commands that do not end by themselves, and connections that do.</summary>
public sealed class EndTests : IAsyncLifetime
{
    // Killed there after two seconds at the latest; left alone, none of these commands ends within an hour, nor does our wait for one within half of it.
    private static readonly TimeSpan s_soon = TimeSpan.FromMinutes(5);

    private readonly string _name = "hl" + Guid.NewGuid().ToString("N");
    private SshBench _bench = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Stubborn =>
        new MatrixTheoryData<string, bool>(
            [
                "sleep 3600",
                "trap '' TERM; sleep 3600; sleep 3600",
                "(trap '' TERM; sleep 3600) & sleep 3600",
                "while :; do sleep 1; done",
                "yes",
            ],
            [true, false]);

    public async ValueTask InitializeAsync() => _bench = await SshBench.StartAsync();

    public ValueTask DisposeAsync() => _bench is null ? ValueTask.CompletedTask : _bench.DisposeAsync();

    [Theory]
    [MemberData(nameof(Stubborn))]
    public async Task Who_cancels_ends_the_command_on_the_host(string script, bool shares)
    {
        using var wish = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = Hosts(shares).RunAsync("dev", Endless(script), wish.Token);
        await BeginsAsync();

        var began = Stopwatch.GetTimestamp();
        await wish.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, s_soon);
        await EndsAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_takes_too_long_is_ended_on_the_host(bool shares)
    {
        var e = await Assert.ThrowsAsync<HomelabException>(() => Hosts(shares).RunAsync("dev", Endless("sleep 3600") with { Timeout = TimeSpan.FromSeconds(3) }, Cancel));

        Assert.Equal((ErrorKind.Timeout, "CommandTimeout", false), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("longer than 3s", e.What, StringComparison.Ordinal);
        await EndsAsync();
    }

    [Fact]
    public async Task With_input_it_is_ended_just_so()
    {
        using var wish = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = Hosts().RunAsync("dev", Endless("cat >/dev/null; sleep 3600") with { Input = new byte[100_000] }, wish.Token);
        await BeginsAsync();

        await wish.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        await EndsAsync();
    }

    [Fact]
    public async Task After_an_end_the_connection_is_still_good()
    {
        var hosts = Hosts();
        await Assert.ThrowsAsync<HomelabException>(() => hosts.RunAsync("dev", Endless("sleep 3600") with { Timeout = TimeSpan.FromSeconds(3) }, Cancel));

        Assert.Equal(0, (await hosts.RunAsync("dev", RemoteCommand.Of("true"), Cancel)).ExitCode);
        Assert.Equal(1, await _bench.Sshd.LoginsAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_dies_in_the_middle_leaves_the_outcome_open_and_ends_the_command(bool shares)
    {
        var hosts = Hosts(shares);
        var running = hosts.RunAsync("dev", Endless("sleep 3600"), Cancel);
        await BeginsAsync();

        // sshd's process for this connection: the network is gone.
        await Sshd.RunAsync("kill", ["-KILL", .. ProcessTable.With("sshd: ").Intersect(_bench.Sshd.Sessions()).Select(static id => id.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        var e = await Assert.ThrowsAsync<HomelabException>(() => running);

        Assert.Equal((ErrorKind.Unavailable, "SshConnectionLost", false), (e.Kind, e.Id, e.NothingHappened));
        await EndsAsync();
        Assert.Equal(0, (await hosts.RunAsync("dev", RemoteCommand.Of("true"), Cancel)).ExitCode);
    }

    [Fact]
    public async Task A_shared_connection_that_is_killed_in_the_middle_is_made_anew_for_the_next()
    {
        var hosts = Hosts();
        var running = hosts.RunAsync("dev", Endless("sleep 3600"), Cancel);
        await BeginsAsync();

        await KillMasterAsync();
        var e = await Assert.ThrowsAsync<HomelabException>(() => running);

        Assert.Equal("SshConnectionLost", e.Id);
        await EndsAsync();
        Assert.Equal(0, (await hosts.RunAsync("dev", RemoteCommand.Of("true"), Cancel)).ExitCode);
    }

    [Fact]
    public async Task A_shared_connection_that_ended_between_two_commands_is_not_noticed()
    {
        var hosts = Hosts();
        await hosts.RunAsync("dev", RemoteCommand.Of("true"), Cancel);
        // SIGKILL leaves its socket behind.
        await KillMasterAsync();

        Assert.Equal(0, (await hosts.RunAsync("dev", RemoteCommand.Of("true"), Cancel)).ExitCode);
        Assert.Equal(2, await _bench.Sshd.LoginsAsync());
    }

    [Fact]
    public async Task A_host_that_hangs_is_waited_for_as_long_as_was_allowed()
    {
        var hosts = Hosts();
        await hosts.RunAsync("dev", RemoteCommand.Of("true"), Cancel);
        var session = ProcessTable.With("sshd: ").Intersect(_bench.Sshd.Sessions()).Select(static id => id.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        await Sshd.RunAsync("kill", ["-STOP", .. session]);
        try
        {
            var began = Stopwatch.GetTimestamp();
            var e = await Assert.ThrowsAsync<HomelabException>(() => hosts.RunAsync("dev", RemoteCommand.Of("true") with { Timeout = TimeSpan.FromSeconds(1) }, Cancel));

            Assert.Equal("CommandTimeout", e.Id);
            Assert.Contains("had not within two seconds", e.What, StringComparison.Ordinal);
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(1), s_soon);
        }
        finally
        {
            await Sshd.RunAsync("kill", ["-CONT", .. session]);
        }
    }

    [Fact]
    public async Task When_we_are_killed_the_command_ends_and_the_connection_too()
    {
        var lab = _bench.Sshd.Folder;
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in (string[])[typeof(EndTests).Assembly.Location, KillableCommand.Switch, lab, _bench.Sshd.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), _name]) start.ArgumentList.Add(word);
        using var child = Process.Start(start)!;
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        await BeginsAsync();

        child.Kill();
        await child.WaitForExitAsync(Cancel);

        await EndsAsync();
        await Eventually.HoldsAsync("the connection has ended", () => Task.FromResult(_bench.Sshd.Sessions().Count == 0), Cancel);
    }

    [Fact]
    public async Task What_is_disposed_leaves_no_connection_and_no_file()
    {
        var hosts = Hosts();
        await hosts.RunAsync("dev", RemoteCommand.Of("true"), Cancel);
        var socket = Assert.Single(ProcessTable.With($"{_bench.Sshd.Port} -M -N"));

        await hosts.DisposeAsync();

        await Eventually.HoldsAsync("it has ended", () => Task.FromResult(!ProcessTable.With($"{_bench.Sshd.Port} -M -N").Contains(socket)), Cancel);
    }

    private async Task KillMasterAsync()
    {
        var master = Assert.Single(ProcessTable.With($"{_bench.Sshd.Port} -M -N"));
        await Sshd.RunAsync("kill", "-KILL", master.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await Eventually.HoldsAsync("it has ended", () => Task.FromResult(ProcessTable.With($"{_bench.Sshd.Port} -M -N").Count == 0), Cancel);
    }

    private RemoteCommand Endless(string script) => RemoteCommand.Of("sh", "-c", script, _name) with { Timeout = TimeSpan.FromMinutes(30), MaxOutput = 1000 };

    // Among the children of sshd alone: our own ssh has the name in its line, too.
    private Task BeginsAsync() => Eventually.HoldsAsync("the command runs", () => Task.FromResult(Running().Count >= 2), Cancel);

    private Task EndsAsync() => Eventually.HoldsAsync("the command has ended", () => Task.FromResult(Running().Count == 0), Cancel, s_soon);

    private IReadOnlyList<int> Running() => [.. ProcessTable.With(_name).Except(ProcessTable.With("ssh -F none")).Except(ProcessTable.With(KillableCommand.Switch))];

    private SshHosts Hosts(bool shares = true) => _bench.Hosts(manner: SshBench.Patient with { Shares = shares });
}
