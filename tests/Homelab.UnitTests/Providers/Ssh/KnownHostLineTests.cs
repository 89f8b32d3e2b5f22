using Homelab.Providers.Ssh;

namespace Homelab.UnitTests.Providers.Ssh;

public sealed class KnownHostLineTests
{
    internal const string Key = "AAAAC3NzaC1lZDI1NTE5AAAAIBgIkEr/m0fPDC6QSNQnDZCUEFx7QmSHuBfbIyc8uXyQ";

    [Theory]
    [InlineData("dev", KnownHostMatch.Name)]
    [InlineData("DEV,10.0.0.1", KnownHostMatch.Name)]
    [InlineData("10.0.0.1,dev", KnownHostMatch.Name)]
    [InlineData("d*", KnownHostMatch.Pattern)]
    [InlineData("d?v,dev", KnownHostMatch.Name)]
    [InlineData("*,!dev", KnownHostMatch.No)]
    [InlineData("dev,!d*", KnownHostMatch.No)]
    [InlineData("dev.lan", KnownHostMatch.No)]
    [InlineData("[dev]:22", KnownHostMatch.No)]
    // ssh-keygen -H made this of dev.
    [InlineData("|1|Q1dgHIayOAhlDiQCI+DrSP76aOQ=|tL0wHrQgiViLIZ1wqrVx/t0yEmQ=", KnownHostMatch.Name)]
    public void A_line_means_the_hosts_that_ssh_takes_it_for(string names, object match) =>
        Assert.Equal((KnownHostMatch)match, KnownHostLine.Read($"{names} ssh-ed25519 {Key}", 1)!.Means("dev"));

    [Theory]
    [InlineData("")]
    [InlineData("# dev ssh-ed25519 " + Key)]
    [InlineData("dev ssh-ed25519")]
    [InlineData("dev ssh-rsa " + Key)]
    [InlineData("dev ssh-ed25519 AAAA")]
    [InlineData("dev ssh-ed25519 not*base64")]
    [InlineData("@revoked dev ssh-ed25519")]
    public void What_ssh_does_not_understand_says_nothing(string line) => Assert.Null(KnownHostLine.Read(line, 1));

    [Fact]
    public void A_marked_line_vouches_for_nobody()
    {
        Assert.True(KnownHostLine.Read($"dev\tssh-ed25519\t{Key}\r", 1)!.Vouches);
        Assert.False(KnownHostLine.Read($"@revoked dev ssh-ed25519 {Key}", 1)!.Vouches);
        Assert.False(KnownHostLine.Read($"@cert-authority *.lan ssh-ed25519 {Key}", 1)!.Vouches);
    }

    [Fact]
    public void A_host_is_taken_out_of_a_line_that_names_others()
    {
        Assert.Equal($"10.0.0.1 ssh-ed25519 {Key} by hand", KnownHostLine.Read($"DEV,10.0.0.1 ssh-ed25519 {Key} by  hand", 1)!.Without("dev"));
        Assert.Null(KnownHostLine.Read($"dev ssh-ed25519 {Key}", 1)!.Without("dev"));
    }

    [Fact]
    public void A_fingerprint_is_as_ssh_keygen_prints_it() =>
        Assert.Equal("SHA256:t0KX6lkTWvHTcRoaTlTzPfmntgckr6/6UN3vSlrS/wA", PublicKey.Read($"ssh-ed25519 {Key} me")!.Fingerprint);
}
