using FsCheck;
using FsCheck.Fluent;
using Homelab.Tests;

namespace Homelab.SystemTests.Ssh;

/// <summary>Any words and any lines at all, through a real shell behind a real sshd.</summary>
public sealed class WordTests
{
    private const int AtOnce = 8;

    [Theory]
    [InlineData(null)]
    [InlineData("/bin/sh")]
    [InlineData("/bin/busybox sh")]
    public async Task Any_words_arrive_as_exactly_these_words(string? shell)
    {
        if (shell is not null) Peer.Require(shell, File.Exists(shell.Split(' ')[0]) ? null : $"{shell} is not installed");
        await using var bench = await BypassBench.StartAsync(shell);
        string[] all = [.. Enumerable.Range(1, 255).Select(static c => $"x{(char)c}y")];
        string[][] sample = [all, [""], ["", "", ""], .. Words().Sample(300, 30)];
        var wrong = new List<string>();
        foreach (var chunk in sample.Chunk(AtOnce))
        {
            // Each tells what it was given in its output, too: what several write at once into one file could mix.
            var results = await Task.WhenAll(chunk.Select(words => bench.Hosts.RunAsync("dev", RemoteCommand.Of(["tell-words", .. words]), TestContext.Current.CancellationToken)));
            wrong.AddRange(chunk.Zip(results).Where(static p => p.Second.Output != string.Concat(p.First.Select(static w => w + '\0'))).Select(static p => string.Join('|', p.First)));
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.Take(20)));
    }

    [Fact]
    public async Task Any_line_is_refused_or_executed_as_it_was_decided_on()
    {
        await using var bench = await BypassBench.StartAsync(shell: null);
        var (ran, wrong) = (0, new List<string>());
        foreach (var line in Line().Sample(800, 12).Select(static l => "echo " + l))
        {
            var read = CommandLine.Read(line);
            var seen = await bench.AskAsync(new BypassCase("any", "any") { Line = line, Words = [], Host = "dev", Face = Face.Mcp, Expect = "", Why = "" });
            var executed = await bench.ExecutedAsync();
            if (seen == BypassCase.Allowed) ran++;
            var isRight = read.Refusal is not null ? seen == BypassCase.Denied && executed.Count == 0 : seen == BypassCase.Allowed && executed.Count == 1 && executed[0].SequenceEqual(read.Words, StringComparer.Ordinal);
            if (!isRight) wrong.Add($"{line}: {seen}, executed {string.Join(", then ", executed.Select(static e => string.Join('|', e)))}");
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.Take(20)));
        Assert.InRange(ran, 40, 799);
        Assert.Empty(Directory.EnumerateFileSystemEntries(bench.Home));
    }

    // Characters that shells act on come often; NUL and half characters no program can be given.
    private static Gen<string> Word() => Gen.OneOf(
        Gen.Elements("'\"\\$`;|&<>(){}[]*?~#!=%^ \t\n\r".ToCharArray()),
        Gen.Choose(1, 255).Select(static c => (char)c),
        Gen.Choose(0x100, 0xD7FF).Select(static c => (char)c)).ListOf().Select(static l => string.Concat(l));

    private static Gen<string[]> Words() => Word().NonEmptyListOf().Select(static l => l.ToArray());

    // Pieces as people write them, so that not every line is refused.
    private static Gen<string> Line() => Gen.OneOf(
        Gen.Elements("a", "-x", " ", " ", "'a b'", "\"c;d\"", "'$x'", "\\;", "\\'", "\"'\"", "'\"'", "\\\\", "''", "=", "%1", "'*'", "#", "'`id`'", "\"\\$(id)\"", "it", "'>'", "\u00e9"),
        Gen.Elements(";", "&", "|", "$", "`", "(", "*", "'", "\"", "\n", "~", "{", "id", "> canary")).ListOf().Select(static l => string.Concat(l));
}
