namespace Homelab.UnitTests.Core;

public sealed class TargetTests
{
    private static readonly Target s_guest = new("vm", "dev", "pve") { Aliases = ["100", "pve/100", "pve/dev"] };

    [Theory]
    [InlineData("dev")]
    [InlineData("dev@pve")]
    [InlineData("*@pve")]
    [InlineData("100")]
    [InlineData("pve/100")]
    [InlineData("vm:dev")]
    [InlineData("vm:dev@pve")]
    [InlineData("vm:100")]
    [InlineData("VM:100")]
    [InlineData("vm:pve/100")]
    [InlineData("vm:*")]
    [InlineData("vm:1*")]
    [InlineData("*")]
    public void A_thing_is_meant_by_each_of_its_names(string pattern) => Assert.True(s_guest.IsMeantBy(pattern));

    [Theory]
    [InlineData("container:dev")]
    [InlineData("container:100")]
    [InlineData("vm:10")]
    [InlineData("vm:1000")]
    [InlineData("vm:")]
    [InlineData("vm")]
    [InlineData("dev@pve2")]
    [InlineData("")]
    public void A_thing_is_not_meant_by_what_another_is_called(string pattern) => Assert.False(s_guest.IsMeantBy(pattern));
}
