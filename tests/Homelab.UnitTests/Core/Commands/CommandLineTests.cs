using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Homelab.Tests;

namespace Homelab.UnitTests.Core.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("df -h", "df", "-h")]
    [InlineData("  docker\tlogs  traefik --tail=100 ", "docker", "logs", "traefik", "--tail=100")]
    [InlineData("grep 'a b' \"c d\" e\\ f", "grep", "a b", "c d", "e f")]
    [InlineData("a''b\"\"c ''", "abc", "")]
    [InlineData("printf '%s;|&$`*?~#' x", "printf", "%s;|&$`*?~#", "x")]
    [InlineData("echo \"\\$HOME \\\" \\\\ \\n\"", "echo", "$HOME \" \\ \\n")]
    [InlineData("echo \\; \\| \\$x \\*", "echo", ";", "|", "$x", "*")]
    [InlineData("echo a#b a~b x=y %1 +5 @all", "echo", "a#b", "a~b", "x=y", "%1", "+5", "@all")]
    [InlineData("ls 'A=b'", "ls", "A=b")]
    [InlineData("touch /srv/größe", "touch", "/srv/größe")]
    [InlineData("echo '\U0001F600'", "echo", "\U0001F600")]
    public void Words_are_read_as_a_shell_reads_them(string line, params string[] words)
    {
        var read = CommandLine.Read(line);

        Assert.Null(read.Refusal);
        Assert.Equal(words, read.Words);
    }

    [Theory]
    [InlineData("docker restart x; id", "';'", 17)]
    [InlineData("a && b", "'&&'", 3)]
    [InlineData("a & b", "'&'", 3)]
    [InlineData("a || b", "'||'", 3)]
    [InlineData("a|b", "'|'", 2)]
    [InlineData("a > /dev/sda", "'>'", 3)]
    [InlineData("a >> b", "'>>'", 3)]
    [InlineData("a 2>&1", "'>&'", 4)]
    [InlineData("a < b", "'<'", 3)]
    [InlineData("a << E", "'<<'", 3)]
    [InlineData("a <(b)", "'<('", 3)]
    [InlineData("a $(b)", "'$('", 3)]
    [InlineData("a ${b}", "'${'", 3)]
    [InlineData("a $b", "'$'", 3)]
    [InlineData("a $'b'", "'$''", 3)]
    [InlineData("a \"$b\"", "'$'", 4)]
    [InlineData("a \"`b`\"", "'`'", 4)]
    [InlineData("a `b`", "'`'", 3)]
    [InlineData("a *", "'*'", 3)]
    [InlineData("a b?", "'?'", 4)]
    [InlineData("a [b]", "'['", 3)]
    [InlineData("a {b,c}", "'{'", 3)]
    [InlineData("a ~", "'~'", 3)]
    [InlineData("a --x=~/b", "'~'", 7)]
    [InlineData("a #b", "'#'", 3)]
    [InlineData("a !b", "'!'", 3)]
    [InlineData("(a)", "'('", 1)]
    [InlineData("a\nb", "A line break", 2)]
    [InlineData("a 'x\ny'", "A line break", 5)]
    [InlineData("a\rb", "A carriage return", 2)]
    [InlineData("a\0b", "U+0000", 2)]
    [InlineData("a '\u001b[2J'", "U+001B", 4)]
    [InlineData("a\u00a0b", "U+00A0", 2)]
    [InlineData("a '\u2003'", "U+2003", 4)]
    [InlineData("a \u200bb", "U+200B", 3)]
    [InlineData("a '\u202e'", "U+202E", 4)]
    [InlineData("a \uff1b b", "U+FF1B", 3)]
    [InlineData("a \u201cb\u201d", "U+201C", 3)]
    [InlineData("a \u2013f", "U+2013", 3)]
    [InlineData("a 'b", "'", 3)]
    [InlineData("a \"b", "\"", 3)]
    [InlineData("a \\", "\\", 3)]
    [InlineData("A=b c", "'A=b'", 0)]
    [InlineData("A+=b c", "'A+=b'", 0)]
    [InlineData("'A'=b c", "'A=b'", 0)]
    [InlineData("if a", "'if'", 0)]
    [InlineData("\"if\" a", "'if'", 0)]
    [InlineData("'' a", "The program", 0)]
    [InlineData("", "The line", 0)]
    [InlineData("  \t ", "The line", 0)]
    public void What_a_shell_would_act_on_is_refused_with_its_place(string line, string found, int position)
    {
        var refusal = CommandLine.Read(line).Refusal;

        Assert.NotNull(refusal);
        Assert.Equal((found, position), (refusal.Found, refusal.Position));
        Assert.NotEmpty(refusal.WayOut);
    }

    [Fact]
    public void Half_a_character_is_refused() => Assert.Equal(("U+D800", 3), (CommandLine.Read("a \ud800").Refusal!.Found, CommandLine.Read("a \ud800").Refusal!.Position));

    [Fact]
    public void A_line_and_a_command_have_a_greatest_length()
    {
        Assert.Null(CommandLine.Read("a " + new string('b', CommandLine.LongestLine - 2)).Refusal);
        Assert.Contains("characters", CommandLine.Read("a " + new string('b', CommandLine.LongestLine)).Refusal!.Reason, StringComparison.Ordinal);
        Assert.Contains("words", CommandLine.Of([.. Enumerable.Repeat("a", CommandLine.MostWords + 1)]).Refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_that_came_as_a_list_are_checked_like_those_of_a_line()
    {
        Assert.Equal(["sh", "-c", "a; b"], CommandLine.Of(["sh", "-c", "a; b"]).Words);
        Assert.Equal("U+0000", CommandLine.Of(["a", "b\0"]).Refusal!.Found);
        Assert.Equal("A line break", CommandLine.Of(["a", "b\nc"]).Refusal!.Found);
        Assert.Equal("The line", CommandLine.Of([]).Refusal!.Found);
    }

    [Theory]
    [InlineData("df", "df")]
    [InlineData("", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("a\\b", "'a'\\\\'b'")]
    [InlineData("A=b", "'A=b'")]
    [InlineData("if", "'if'")]
    [InlineData("$x", "'$x'")]
    public void A_word_is_quoted_where_a_shell_would_see_more_in_it(string word, string line) => Assert.Equal(line, ShellWords.Quote(word));

    [Fact]
    public void What_is_quoted_is_read_back_as_the_same_words() =>
        Prop.ForAll(Words().ToArbitrary(), static words => CommandLine.Read(ShellWords.Quote(words)) is var read && (read.Refusal is not null || words.SequenceEqual(read.Words, StringComparer.Ordinal))).QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_is_read_at_all_survives_being_written_and_read_again() =>
        Prop.ForAll(Line().ToArbitrary(), static line => CommandLine.Read(line) is var read && (read.Refusal is not null || read.Words.SequenceEqual(CommandLine.Read(ShellWords.Quote(read.Words)).Words, StringComparer.Ordinal)))
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("sh")]
    [InlineData("bash")]
    [InlineData("busybox")]
    public async Task A_real_shell_reads_what_was_written_as_exactly_these_words(string shell)
    {
        Peer.Require(shell, File.Exists($"/bin/{shell}") || File.Exists($"/usr/bin/{shell}") ? null : $"{shell} is not installed");
        var sample = Words().Sample(400, 40).Append([.. Enumerable.Range(1, 255).Select(static b => $"x{(char)b}y")]);
        var script = new StringBuilder();
        var expected = new StringBuilder();
        foreach (var words in sample)
        {
            script.Append("printf '%s\\0' ").Append(ShellWords.Quote(["--", .. words])).Append('\n');
            foreach (var word in (string[])["--", .. words]) expected.Append(word).Append('\0');
        }

        var start = new ProcessStartInfo(shell) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = new UTF8Encoding(false) };
        if (shell == "busybox") start.ArgumentList.Add("sh");
        using var process = Process.Start(start)!;
        var reading = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(script, TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        var seen = await reading;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        // printf itself takes the first "--" for the end of its options.
        Assert.Equal(expected.ToString(), seen);
    }

    // Characters that shells act on come often; NUL and half characters no program can be given.
    private static Gen<char> Character() => Gen.OneOf(
        Gen.Elements("'\"\\$`;|&<>(){}[]*?~#!=%^ \t\n\r".ToCharArray()),
        Gen.Choose(1, 255).Select(static c => (char)c),
        Gen.Choose(0x100, 0xD7FF).Select(static c => (char)c));

    private static Gen<string> Line() => Character().ListOf().Select(static l => string.Concat(l));

    private static Gen<string[]> Words() => Line().NonEmptyListOf().Select(static l => l.ToArray());
}
