using FsCheck;
using FsCheck.Fluent;

namespace Homelab.UnitTests.Core;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1024", 1024)]
    [InlineData("512 B", 512)]
    [InlineData("4GiB", 4L << 30)]
    [InlineData("4 gib", 4L << 30)]
    [InlineData("1.5TiB", 3L << 39)]
    [InlineData("4GB", 4_000_000_000)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void A_size_is_read_as_the_standard_counts(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("GiB")]
    [InlineData("-1GiB")]
    [InlineData("4G")]
    [InlineData("4 elephants")]
    [InlineData("0.5")]
    [InlineData("1e3")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999PiB")]
    public void What_is_no_size_is_refused(string? text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(4L << 30, "4 GiB")]
    [InlineData(987_654_321, "942 MiB")]
    [InlineData(-1536, "-1.5 KiB")]
    [InlineData(long.MaxValue, "8 EiB")]
    public void A_size_is_shown_with_the_digits_that_matter(long bytes, string shown) => Assert.Equal(shown, ByteSize.Format(bytes));

    [Fact]
    public void No_text_makes_it_throw() =>
        Prop.ForAll<string>(static text => ByteSize.TryParse(text, out var bytes) ? bytes >= 0 : bytes == 0).QuickCheckThrowOnFailure();
}
