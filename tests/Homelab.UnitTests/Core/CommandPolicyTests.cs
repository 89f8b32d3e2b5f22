namespace Homelab.UnitTests.Core;

public sealed class CommandPolicyTests
{
    private static readonly Target s_dev = new("vm", "dev", "pve") { Aliases = ["100"] };

    private static readonly CommandRule[] s_rules = [new CommandRule { Run = ["df", "-h"], On = ["dev@pve", "web-*"] }];

    [Fact]
    public void Nothing_is_allowed_where_nothing_is_listed() => Assert.False(CommandPolicy.Allows([], ["df", "-h"], s_dev));

    [Fact]
    public void A_listed_command_is_allowed_where_it_is_listed_for()
    {
        Assert.True(CommandPolicy.Allows(s_rules, ["df", "-h"], s_dev));
        Assert.True(CommandPolicy.Allows(s_rules, ["df", "-h"], new Target("vm", "web-1", "pve")));
        Assert.False(CommandPolicy.Allows(s_rules, ["df", "-h"], new Target("vm", "db", "pve")));
    }

    [Theory]
    [InlineData("df")]
    [InlineData("df", "-H")]
    [InlineData("df", "-h", "/")]
    [InlineData("df -h")]
    [InlineData("df", "*")]
    public void A_command_is_allowed_word_for_word_only(params string[] command) => Assert.False(CommandPolicy.Allows(s_rules, command, s_dev));

    [Fact]
    public void A_refusal_names_the_line_that_would_allow_it()
    {
        var e = Assert.Throws<HomelabException>(() => CommandPolicy.Demand(s_rules, ["sh", "-c", "echo \"hi\""], s_dev));

        Assert.Equal((ErrorKind.Denied, "CommandNotAllowed", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("""{ run: ["sh", "-c", "echo \"hi\""], on: ["vm:dev@pve"] }""", e.WayOut, StringComparison.Ordinal);
    }
}
