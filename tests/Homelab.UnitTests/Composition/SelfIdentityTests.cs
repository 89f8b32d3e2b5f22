using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Homelab.Composition;

namespace Homelab.UnitTests.Composition;

public sealed class SelfIdentityTests
{
    [Fact]
    public void The_host_that_has_one_of_our_addresses_or_our_name_is_ours_and_no_other()
    {
        var ours = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(n => n.GetIPProperties().UnicastAddresses)
            .FirstOrDefault(a => a.Address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a.Address))?.Address.ToString();
        Assert.SkipWhen(ours is null, "This machine has no address but loopback.");
        var lab = new LabDefinition
        {
            Hosts = new Dictionary<string, HostDefinition>
            {
                ["here"] = new() { Address = ours! },
                [Environment.MachineName] = new() { Address = "198.51.100.1" },
                ["loopback"] = new() { Address = "127.0.0.1" },
                ["elsewhere"] = new() { Address = "198.51.100.2" },
            },
        };
        var hosts = SelfIdentity.Patterns(lab).Where(p => p.StartsWith("host:", StringComparison.Ordinal)).Order();
        Assert.Equal(new[] { "host:here", $"host:{Environment.MachineName}" }.Order(), hosts);
    }

    [Theory]
    [InlineData("1153 1149 254:0 /var/lib/docker/containers/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/hostname /etc/hostname rw - ext4 /dev/vda rw", true)]
    [InlineData("25 1 254:0 / / rw,relatime - ext4 /dev/vda rw", false)]
    public void Our_own_container_is_known_by_what_its_engine_mounts(string line, bool known) =>
        Assert.Equal(known ? "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" : null, SelfIdentity.ContainerIdIn([line]));
}
