using System.Text;

namespace Homelab.UnitTests.Core;

public sealed class TotpTests
{
    private static readonly byte[] s_key = Encoding.ASCII.GetBytes("12345678901234567890");

    // RFC 6238, appendix B: its codes have eight digits, of which ours are the last six.
    [Theory]
    [InlineData(59L, "94287082")]
    [InlineData(1_111_111_109L, "07081804")]
    [InlineData(1_111_111_111L, "14050471")]
    [InlineData(1_234_567_890L, "89005924")]
    [InlineData(2_000_000_000L, "69279037")]
    [InlineData(20_000_000_000L, "65353130")]
    public void The_codes_are_those_of_the_RFC(long seconds, string code) =>
        Assert.Equal(code[2..], Totp.Code(s_key, Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds))));

    [Theory]
    [InlineData("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    [InlineData("gezd gnbv gy3t qojq gezd gnbv gy3t qojq")]
    [InlineData("GEZDGNBVGY3TQOJQ-GEZDGNBVGY3TQOJQ")]
    public void A_key_is_read_as_people_write_it_down(string text)
    {
        Assert.True(Totp.TryReadKey(text, out var key));
        Assert.Equal(s_key, key);
    }

    // RFC 4648, section 10.
    [Theory]
    [InlineData("MY======", "f")]
    [InlineData("MZXQ====", "fo")]
    [InlineData("MZXW6===", "foo")]
    [InlineData("MZXW6YQ=", "foob")]
    [InlineData("MZXW6YTB", "fooba")]
    [InlineData("MZXW6YTBOI======", "foobar")]
    public void Base32_is_that_of_the_RFC(string text, string bytes)
    {
        Assert.True(Totp.TryReadKey(text, out var key));
        Assert.Equal(bytes, Encoding.ASCII.GetString(key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("====")]
    [InlineData("GEZDGNBV1")]
    [InlineData("otpauth://totp/x")]
    public void What_is_no_base32_is_no_key(string text) => Assert.False(Totp.TryReadKey(text, out _));
}
