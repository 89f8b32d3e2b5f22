using Homelab.Providers.Mcp;
using Homelab.Tests;

namespace Homelab.SystemTests.McpServers;

/// <summary>Servers that are programs: they get what they are given, say what they say, and are gone afterwards, whatever they think of it.</summary>
public sealed class ProgramServerTests
{
    // Forty seconds for a program, of which eight when it does not end by itself.
    private const int Patience = 4;

    private const string Ours = "HOMELAB_TEST_MCP_PROGRAM_OURS";

    // A small server, line by line: it takes the id out of what it is asked.
    private const string Server = """
        answer() { printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$1"; }
        while read -r line; do
          id=$(printf '%s' "$line" | sed -n 's/.*"id":\([0-9]*\).*/\1/p')
          case "$line" in
            *'"server/discover"'*) printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"no"}}\n' "$id" ;;
            *'"initialize"'*) answer '{"protocolVersion":"2025-03-26","capabilities":{"tools":{}},"serverInfo":{"name":"shell","version":"0.1"}}' ;;
            *'"ping"'*) answer '{}' ;;
            *'"tools/list"'*) answer '{"tools":[{"name":"restart_all","inputSchema":{"type":"object"}}]}' ;;
          esac
        done
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_is_asked_and_ends_with_its_input()
    {
        await using var bench = Open($"echo $$ > pid\necho \"$1|$GIVEN|$SECRET|${Ours}|$PWD\" > seen\n{Server}", static s => s with { Arguments = ["server.sh", "an argument; echo no"], Environment = One("GIVEN", "given $HOME"), Secrets = new Dictionary<string, SecretReference>(StringComparer.Ordinal) { ["SECRET"] = ServersBench.Reference } });
        Environment.SetEnvironmentVariable(Ours, "ours-alone");
        var found = await bench.LookAsync();
        Assert.Equal((McpServerKind.Stdio, McpServerState.Online, "sh", "shell", "0.1", "2025-03-26", 1), (found.Kind, found.State, found.Address, found.Product, found.Version, found.Protocol, found.AvailableTools));
        Assert.Equal("control", found.Categories.Single().Name);
        Assert.Equal($"an argument; echo no|given $HOME|{ServersBench.Token}||{bench.Folder}", (await File.ReadAllTextAsync(Path.Combine(bench.Folder, "seen"), Cancellation)).Trim());
        await GoneAsync(bench, "pid");
        Assert.Equal(["connection Ok its program runs", "initialize Ok it is shell 0.1", "protocol Ok 2025-03-26", "ping Ok it answers", "tools Ok 1 tool"], (await bench.CheckAsync()).Select(static c => $"{c.Check} {c.Verdict} {c.Detail}"));
    }

    [Fact]
    public async Task A_program_that_does_not_end_by_itself_is_ended_with_all_that_it_began()
    {
        // It heeds neither the end of its input nor a polite signal, and what it began is not its child any more.
        await using var bench = Open($"trap '' TERM HUP INT\necho $$ > pid\n(sleep 1000 & echo $! > grandchild)\n{Server}\nwhile :; do sleep 1000; done");
        Assert.Equal(McpServerState.Online, (await bench.LookAsync()).State);
        await GoneAsync(bench, "pid");
        await GoneAsync(bench, "grandchild");
    }

    [Fact]
    public async Task What_a_program_left_behind_is_ended_too()
    {
        await using var bench = Open($"(sleep 1000 </dev/null >/dev/null 2>&1 & echo $! > grandchild)\n{Server}");
        Assert.Equal(McpServerState.Online, (await bench.LookAsync()).State);
        await GoneAsync(bench, "grandchild");
    }

    [Fact]
    public async Task A_program_that_ends_at_once_is_told_with_its_last_words_and_without_secrets()
    {
        await using var bench = Open("for i in $(seq 2000); do echo noise >&2; done\nprintf 'cannot \\033[31mopen %s\\n' \"$SECRET\" >&2\nexit 7", static s => s with { Secrets = new Dictionary<string, SecretReference>(StringComparer.Ordinal) { ["SECRET"] = ServersBench.Reference } }, new StretchedTime(60));
        var found = await bench.LookAsync();
        Assert.Equal((McpServerState.Offline, "McpServerEnded"), (found.State, found.Error));
        Assert.StartsWith("ended with exit code 7 before it had answered; it said: …", found.Detail, StringComparison.Ordinal);
        Assert.EndsWith("cannot  [31mopen ***", found.Detail, StringComparison.Ordinal);
        Assert.InRange(found.Detail.Length, 100, 450);
        Assert.Equal(["connection Ok", "initialize Failed", "protocol Unknown", "ping Unknown", "tools Unknown"], (await bench.CheckAsync()).Select(static c => $"{c.Check} {c.Verdict}"));
    }

    [Theory]
    [InlineData("no-such-program-anywhere")]
    [InlineData("./no-such-program-here")]
    public async Task A_program_that_is_not_there_is_told(string command)
    {
        await using var bench = new ServersBench([("one", new McpServerSettings { Command = command })]);
        var found = await bench.LookAsync();
        Assert.Equal((McpServerState.Unknown, "McpServerProgramNotFound"), (found.State, found.Error));
        Assert.Contains($"there is no program {command}", found.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_silent_is_given_up_and_ended()
    {
        var time = new ManualTime();
        await using var bench = Open("echo $$ > pid.new\nmv pid.new pid\necho 'usage: server' >&2\nexec sleep 1000", time: time);
        var looking = bench.LookAsync();
        await Eventually.HoldsAsync("it runs", () => Task.FromResult(File.Exists(Path.Combine(bench.Folder, "pid"))), Cancellation);
        await Eventually.HoldsAsync("it is given up", () => PassAsync(time, looking), Cancellation);
        var found = await looking;
        Assert.Equal((McpServerState.Unknown, "McpServerNoAnswer"), (found.State, found.Error));
        await GoneAsync(bench, "pid");
    }

    [Theory]
    [InlineData("yes | tr -d '\\n'")]
    [InlineData("yes '{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}'")]
    public async Task A_program_that_floods_us_is_cut_off(string floods)
    {
        await using var bench = Open($"echo $$ > pid\n{floods}");
        var found = await bench.LookAsync();
        Assert.Equal((McpServerState.Unknown, "McpServerAnswerOdd"), (found.State, found.Error));
        Assert.Contains("sends more than 8", found.Detail, StringComparison.Ordinal);
        await GoneAsync(bench, "pid");
    }

    [Fact]
    public async Task Whoever_does_not_wait_any_longer_leaves_no_program_behind()
    {
        await using var bench = Open("echo $$ > pid.new\nmv pid.new pid\nexec sleep 1000");
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var looking = bench.ListAsync(leaving.Token);
        await Eventually.HoldsAsync("it runs", () => Task.FromResult(File.Exists(Path.Combine(bench.Folder, "pid"))), Cancellation);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => looking);
        await GoneAsync(bench, "pid");
    }

    private static ServersBench Open(string script, Func<McpServerSettings, McpServerSettings>? edit = null, TimeProvider? time = null)
    {
        Peer.Require("sh", OperatingSystem.IsWindows() ? "there is no sh on Windows" : null);
        var settings = new McpServerSettings { Command = "sh", Arguments = ["server.sh"] };
        var bench = new ServersBench([("one", edit is null ? settings : edit(settings))], time ?? new StretchedTime(Patience));
        File.WriteAllText(Path.Combine(bench.Folder, "server.sh"), script.ReplaceLineEndings("\n"));
        return bench;
    }

    private static async Task GoneAsync(ServersBench bench, string file)
    {
        var pid = (await File.ReadAllTextAsync(Path.Combine(bench.Folder, file), Cancellation)).Trim();
        await Eventually.HoldsAsync($"process {pid} ({file}) is gone", () => Task.FromResult(!IsAlive(pid)), Cancellation);
    }

    // One whose parent has not asked for its end yet is gone all the same.
    private static bool IsAlive(string pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].TrimStart().StartsWith('Z');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Dictionary<string, string> One(string name, string value) => new(StringComparer.Ordinal) { [name] = value };

    private static Task<bool> PassAsync(ManualTime time, Task until)
    {
        time.Advance(TimeSpan.FromSeconds(1));
        return Task.FromResult(until.IsCompleted);
    }
}
