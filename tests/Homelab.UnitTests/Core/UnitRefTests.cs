namespace Homelab.UnitTests.Core;

/// <summary>How a unit of systemd is named.</summary>
public sealed class UnitRefTests
{
    [Theory]
    [InlineData("nginx", "nginx.service", null)]
    [InlineData("nginx.service", "nginx.service", null)]
    [InlineData("certbot.timer", "certbot.timer", null)]
    [InlineData("getty@tty1", "getty@tty1.service", null)]
    [InlineData("dbus-org.freedesktop.hostname1", "dbus-org.freedesktop.hostname1.service", null)]
    [InlineData("system-getty.slice", "system-getty.slice", null)]
    [InlineData(@"dev-disk-by\x2duuid.device", @"dev-disk-by\x2duuid.device", null)]
    [InlineData("nginx.service@dev", "nginx.service", "dev")]
    [InlineData("getty@tty1.service@dev", "getty@tty1.service", "dev")]
    public void A_name_without_a_suffix_is_a_service_and_one_with_it_may_have_its_host(string text, string name, string? host)
    {
        var unit = new UnitRef(text);
        Assert.Equal((name, host), (unit.Name, unit.Host));
        Assert.Equal(unit, new UnitRef(unit.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-H root")]
    [InlineData("--no-block")]
    [InlineData(".service")]
    [InlineData("nginx service")]
    [InlineData("nginx;id")]
    [InlineData("nginx\n")]
    [InlineData("a/b")]
    [InlineData("ngin*")]
    [InlineData("$(id)")]
    public void What_is_no_name_is_refused(string text) => Assert.Throws<FormatException>(() => new UnitRef(text));

    [Fact]
    public void A_name_that_is_too_long_is_refused() => Assert.Throws<FormatException>(() => new UnitRef(new string('a', 248)));
}
