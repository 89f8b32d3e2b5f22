using Homelab.Providers.Ssh;

namespace Homelab.UnitTests.Providers.Ssh;

public sealed class AuthorizedKeysTests
{
    private const string Key = KnownHostLineTests.Key;

    private static readonly PublicKey s_key = new("ssh-ed25519", Key, "me");

    [Theory]
    [InlineData("ssh-ed25519 " + Key, "")]
    [InlineData("ssh-ed25519\t" + Key + " somebody else's comment\r", "")]
    [InlineData("  restrict ssh-ed25519 " + Key, "restrict")]
    [InlineData("command=\"echo ssh-ed25519 x\",from=\"10.0.0.0/8\" ssh-ed25519 " + Key, "command=\"echo ssh-ed25519 x\",from=\"10.0.0.0/8\"")]
    public void A_line_about_the_key_tells_its_limits(string line, string options) => Assert.Equal(options, AuthorizedKeys.OptionsOf(line, s_key));

    [Theory]
    [InlineData("")]
    [InlineData("# ssh-ed25519 " + Key)]
    [InlineData("ssh-ed25519 " + Key + "AAAA")]
    [InlineData("ssh-rsa " + Key)]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI")]
    public void A_line_about_another_key_is_not_touched(string line) => Assert.Null(AuthorizedKeys.OptionsOf(line, s_key));

    [Theory]
    [InlineData(false, false, "from=\"10.0.0.0/8,::1\",restrict")]
    [InlineData(true, false, "from=\"10.0.0.0/8,::1\"")]
    [InlineData(false, true, "from=\"10.0.0.0/8,::1\",restrict,port-forwarding")]
    public void A_jump_host_may_pass_connections_on_and_nothing_else(bool unrestricted, bool isJump, string options) =>
        Assert.Equal(options, KeyWish.OptionsOf(["10.0.0.0/8", "::1"], unrestricted, isJump));

    [Fact]
    public void A_comment_cannot_begin_another_line() =>
        Assert.Equal($"ssh-ed25519 {Key} me ssh-rsa evil", PublicKey.Read($"ssh-ed25519 {Key} me\u0085ssh-rsa\u202e evil")!.Line);
}
