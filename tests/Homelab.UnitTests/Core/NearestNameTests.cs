namespace Homelab.UnitTests.Core;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("tire", "tier")]
    [InlineData("dsn", "dns")]
    [InlineData("contaner", "container")]
    [InlineData("HOSTS", "hosts")]
    public void A_slip_finds_the_name_that_was_meant(string typed, string meant) => Assert.Equal(meant, NearestName.Of(typed, ["tier", "dns", "container", "hosts"]));

    [Theory]
    [InlineData("xyz")]
    [InlineData("")]
    [InlineData("snd")]
    public void What_is_far_from_every_name_finds_none(string typed) => Assert.Null(NearestName.Of(typed, ["tier", "dns", "container", "hosts"]));
}
