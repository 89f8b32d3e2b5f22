namespace Homelab.UnitTests.Core;

public sealed class ForeignTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("  trimmed  ", "trimmed")]
    [InlineData("two\r\nlines", "two  lines")]
    [InlineData("\u001b[2Jclear", "[2Jclear")]
    [InlineData("bell\u0007 nul\0 delete\u007f next\u0085", "bell  nul  delete  next")]
    [InlineData("abc\u202Egnp.exe", "abcgnp.exe")]
    [InlineData("gi\u200Btea\uFEFF", "gitea")]
    [InlineData("tag\U000E0041\U000E0042", "tag")]
    [InlineData("line\u2028paragraph\u2029", "line paragraph")]
    [InlineData("🔴 Down ✅", "🔴 Down ✅")]
    [InlineData("👩\u200D🔧", "👩\u200D🔧")]
    public void What_acts_or_hides_is_taken_out_and_the_rest_stays(string text, string clean)
    {
        Assert.Equal(clean, ForeignText.Clean(text, 100));
        Assert.True(ForeignText.IsClean(clean));
    }

    // Not a row above: an attribute cannot hold half a character.
    [Fact]
    public void Half_a_character_becomes_a_mark() => Assert.Equal("half \uFFFD", ForeignText.Clean("half \ud83d", 100));

    [Fact]
    public void A_long_text_is_cut_and_says_so()
    {
        Assert.Equal("abcd…", ForeignText.Clean("abcdefgh", 5));
        Assert.Equal("abcde", ForeignText.Clean("abcde", 5));
    }

    [Theory]
    [InlineData(1, "…")]
    [InlineData(2, "a…")]
    [InlineData(3, "a…")]
    [InlineData(4, "a🔴…")]
    [InlineData(5, "a🔴🔴")]
    public void A_cut_never_leaves_half_a_character(int length, string cut) => Assert.Equal(cut, ForeignText.Cut("a🔴🔴", length));

    [Fact]
    public void A_hostile_megabyte_is_cleaned_without_being_copied_whole()
    {
        var clean = ForeignText.Clean(new string('\u001b', 500_000) + new string('x', 500_000), 10);
        Assert.Equal("xxxxxxxxx…", clean);
    }
}
