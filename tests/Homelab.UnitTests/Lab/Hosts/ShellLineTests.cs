using Homelab.Lab.Hosts;

namespace Homelab.UnitTests.Lab.Hosts;

public sealed class ShellLineTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("two words", "")]
    [InlineData("it's", "\"quoted\"", "a\\b")]
    [InlineData("$HOME", "`id`", "a;b|c&d>e<f", "*?[x]", "#no")]
    [InlineData("line\nbreak", "\ttab")]
    public void What_the_product_quotes_is_read_back_as_it_was(params string[] words) => Assert.Equal(words, ShellLine.Read(ShellWords.Quote(words)));

    [Theory]
    [InlineData("ls | sort")]
    [InlineData("a; b")]
    [InlineData("echo $HOME")]
    [InlineData("echo \"$HOME\"")]
    [InlineData("cat < /etc/passwd")]
    [InlineData("echo 'open")]
    public void What_is_more_than_words_is_not_played(string line) => Assert.Null(ShellLine.Read(line));
}
