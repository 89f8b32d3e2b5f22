using System.Globalization;
using System.Text;
using Homelab.Providers.Ssh;

namespace Homelab.SystemTests.Ssh;

/// <summary>Commands over a real sshd: what arrives there, and what comes back.</summary>
public sealed class CommandTests : IAsyncLifetime
{
    private SshBench _bench = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await SshBench.StartAsync();

    public ValueTask DisposeAsync() => _bench is null ? ValueTask.CompletedTask : _bench.DisposeAsync();

    // OpenSSH for Windows shares no connections: there each command makes its own.
    public static TheoryData<bool> Manners => [true, false];

    [Theory]
    [MemberData(nameof(Manners))]
    public async Task A_command_says_what_it_said_and_how_it_ended(bool shares)
    {
        var result = await Hosts(shares).RunAsync("dev", RemoteCommand.Of("sh", "-c", "echo out; echo err >&2; exit 3"), Cancel);

        Assert.Equal(("dev", 3, "out\n", "err\n", false), (result.Host, result.ExitCode, result.Output, result.Error, result.Truncated));
        Assert.Contains(_bench.Trace, static l => l.StartsWith("ssh dev: sh -c 'echo out; echo err >&2; exit 3' → 3 in ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Manners))]
    public async Task Its_own_255_is_no_failure_of_the_connection(bool shares)
    {
        var hosts = Hosts(shares);

        var silent = await hosts.RunAsync("dev", RemoteCommand.Of("sh", "-c", "exit 255"), Cancel);
        var loud = await hosts.RunAsync("dev", RemoteCommand.Of("sh", "-c", "echo no; echo bad >&2; exit 255"), Cancel);
        var full = await hosts.RunAsync("dev", RemoteCommand.Of("sh", "-c", "head -c 5000 /dev/zero >&2; exit 255") with { MaxOutput = 100 }, Cancel);

        Assert.Equal((255, "", ""), (silent.ExitCode, silent.Output, silent.Error));
        Assert.Equal((255, "no\n", "bad\n"), (loud.ExitCode, loud.Output, loud.Error));
        Assert.Equal((255, true), (full.ExitCode, full.Truncated));
    }

    [Fact]
    public async Task Every_exit_code_comes_back()
    {
        var hosts = Hosts();

        foreach (var chunk in Enumerable.Range(0, 256).Chunk(8))
        {
            var results = await Task.WhenAll(chunk.Select(c => hosts.RunAsync("dev", RemoteCommand.Of("sh", "-c", $"exit {c}"), Cancel)));
            Assert.Equal(chunk, results.Select(static r => r.ExitCode));
        }
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("KILL", 137)]
    [InlineData("SEGV", 139)]
    public async Task A_signal_is_128_and_its_number(string signal, int code) =>
        Assert.Equal((code, ""), Shown(await Hosts().RunAsync("dev", RemoteCommand.Of("sh", "-c", $"kill -{signal} $$"), Cancel)));

    [Fact]
    public async Task A_program_that_is_not_there_is_127()
    {
        var result = await Hosts().RunAsync("dev", RemoteCommand.Of("no-such-program", "x"), Cancel);

        Assert.Equal(127, result.ExitCode);
        Assert.Contains("not found", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_shell_reads_the_words()
    {
        var hosts = Hosts();
        var every = string.Concat(Enumerable.Range(1, 255).Select(static c => (char)c));
        string[] words = ["", " ", "a b", "$HOME", "`id`", "$(id)", "'", "\"", "\\", "\\'", "a\\nb", "*", "~", "!!", "{a,b}", "-n", "--", "x=y", ";true", "&", "|", "\n", "ü€😀", every];

        foreach (var word in words)
        {
            var result = await hosts.RunAsync("dev", RemoteCommand.Of("printf", "%s", word), Cancel);
            Assert.Equal((0, word, ""), (result.ExitCode, result.Output, result.Error));
        }

        var bytes = await hosts.RunAsync("dev", RemoteCommand.Of("sh", "-c", "printf %s \"$1\" | od -An -v -tx1", "x", every), Cancel);
        Assert.Equal(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(every)), string.Concat(bytes.Output.Where(char.IsAsciiHexDigit)));
    }

    [Theory]
    [InlineData("eval", "echo x")]
    [InlineData("exit", "3")]
    [InlineData("cd", "/")]
    [InlineData("export", "A=1")]
    public async Task The_shells_own_commands_are_no_programs(string word, string argument) =>
        Assert.Equal((127, ""), Shown(await Hosts().RunAsync("dev", RemoteCommand.Of(word, argument), Cancel)));

    [Theory]
    [InlineData("-x")]
    [InlineData("")]
    [InlineData("a\0b")]
    public async Task What_is_no_program_is_refused_before_anything_is_sent(string word)
    {
        var e = await Assert.ThrowsAsync<HomelabException>(() => Hosts().RunAsync("dev", RemoteCommand.Of(word), Cancel));

        Assert.Equal((ErrorKind.Invalid, "CommandInvalid", true, 0), (e.Kind, e.Id, e.NothingHappened, await _bench.Sshd.LoginsAsync()));
    }

    [Theory]
    [MemberData(nameof(Manners))]
    public async Task Input_arrives_whole_and_ends(bool shares)
    {
        var hosts = Hosts(shares);
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);

        var small = await hosts.RunAsync("dev", RemoteCommand.Of("cat") with { Input = "ä\n\"x"u8.ToArray() }, Cancel);
        var none = await hosts.RunAsync("dev", RemoteCommand.Of("wc", "-c") with { Input = ReadOnlyMemory<byte>.Empty }, Cancel);
        var large = await hosts.RunAsync("dev", RemoteCommand.Of("sha256sum") with { Input = bytes }, Cancel);

        Assert.Equal((0, "ä\n\"x", ""), (small.ExitCode, small.Output, small.Error));
        Assert.Equal("0", none.Output.Trim());
        Assert.StartsWith(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), large.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Manners))]
    public async Task A_command_need_not_read_its_input(bool shares)
    {
        var hosts = Hosts(shares);

        var result = await hosts.RunAsync("dev", RemoteCommand.Of("sh", "-c", "exec <&-; echo done; exit 255") with { Input = new byte[1_000_000] }, Cancel);

        Assert.Equal((255, "done\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task Without_input_there_is_nothing_to_read() =>
        Assert.Equal("0", (await Hosts().RunAsync("dev", RemoteCommand.Of("wc", "-c"), Cancel)).Output.Trim());

    [Fact]
    public async Task A_flood_is_kept_up_to_the_limit()
    {
        var result = await Hosts().RunAsync("dev", RemoteCommand.Of("sh", "-c", "yes | head -c 20000000; exit 4") with { MaxOutput = 1000 }, Cancel);

        Assert.Equal((4, 1000, true), (result.ExitCode, result.Output.Length, result.Truncated));
    }

    [Theory]
    [MemberData(nameof(Manners))]
    public async Task A_flood_without_end_is_ended_where_that_is_wanted(bool shares)
    {
        var name = "yes-" + Guid.NewGuid().ToString("N");
        var result = await Hosts(shares).RunAsync("dev", RemoteCommand.Of("yes", name) with { MaxOutput = 1000, EndsWhenFull = true }, Cancel);

        Assert.Equal((143, 1000, true), (result.ExitCode, result.Output.Length, result.Truncated));
        await Tests.Eventually.HoldsAsync("it is gone", () => Task.FromResult(Peers.ProcessTable.With(name).Count == 0), Cancel);
    }

    [Fact]
    public async Task What_is_no_utf8_is_replaced() =>
        Assert.Equal("a\uFFFDb", (await Hosts().RunAsync("dev", RemoteCommand.Of("printf", "a\\377b"), Cancel)).Output);

    [Fact]
    public async Task Messages_are_in_english_and_the_administrators_programs_are_found()
    {
        var result = await Hosts().RunAsync("dev", RemoteCommand.Of("sh", "-c", "echo $LC_ALL:$PATH"), Cancel);

        Assert.StartsWith("C:", result.Output, StringComparison.Ordinal);
        Assert.EndsWith(":/usr/local/sbin:/usr/sbin:/sbin\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_file_that_talks_disturbs_nothing()
    {
        await File.WriteAllTextAsync(Path.Combine(_bench.Sshd.In("home"), ".bashrc"), "echo welcome >&2\n", Cancel);

        var result = await Hosts().RunAsync("dev", RemoteCommand.Of("sh", "-c", "echo err >&2"), Cancel);

        Assert.Equal((0, "err\n"), (result.ExitCode, result.Error));
    }

    private static (int, string) Shown(RemoteResult result) => (result.ExitCode, result.Output);

    private SshHosts Hosts(bool shares = true) => _bench.Hosts(manner: SshBench.Patient with { Shares = shares });
}
