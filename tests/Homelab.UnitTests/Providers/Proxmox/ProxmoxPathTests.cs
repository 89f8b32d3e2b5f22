using Homelab.Providers.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

public sealed class ProxmoxPathTests
{
    [Fact]
    public void Holes_are_encoded_and_the_rest_is_not()
    {
        Assert.Equal("/nodes/pve/qemu/100/config", Text($"/nodes/{"pve"}/qemu/{100}/config"));
        Assert.Equal("/nodes/pve/tasks/UPID%3Apve%3A00000929%3Aroot%40pam%21lab%3A/status", Text($"/nodes/{"pve"}/tasks/{"UPID:pve:00000929:root@pam!lab:"}/status"));
        Assert.Equal("/cluster/tasks", Text($"/cluster/tasks"));
        Assert.Equal("/pools/9007199254740993", Text($"/pools/{9_007_199_254_740_993L}"));
    }

    [Theory]
    [InlineData("../../access/users", "..%2F..%2Faccess%2Fusers")]
    [InlineData("a?b#c", "a%3Fb%23c")]
    [InlineData("a\\b", "a%5Cb")]
    [InlineData("%2e%2e", "%252e%252e")]
    [InlineData("a\r\nX: y", "a%0D%0AX%3A%20y")]
    [InlineData("...", "...")]
    [InlineData("ü", "%C3%BC")]
    public void No_name_leaves_its_segment(string name, string encoded) => Assert.Equal($"/pools/{encoded}/x", Text($"/pools/{name}/x"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public void A_name_that_would_lead_elsewhere_is_refused(string? name)
    {
        var e = Assert.Throws<HomelabException>(() => Text($"/pools/{name}"));

        Assert.Equal((ErrorKind.Invalid, "ProxmoxPathInvalid", true), (e.Kind, e.Id, e.NothingHappened));
    }

    [Fact]
    public void A_path_begins_with_a_slash()
    {
        Assert.Throws<HomelabException>(() => Text($"pools"));
        Assert.Throws<HomelabException>(() => Text($"{"pools"}/x"));
        Assert.Throws<HomelabException>(() => default(ProxmoxPath).ToString());
    }

    private static string Text(ProxmoxPath path) => path.ToString();
}
