using Homelab.Providers.Docker;

namespace Homelab.UnitTests.Providers.Docker;

public sealed class DockerEndpointTests
{
    [Theory]
    [InlineData("unix:///var/run/docker.sock", "unix:///var/run/docker.sock")]
    [InlineData("tcp://10.0.0.2:2375", "tcp://10.0.0.2:2375")]
    [InlineData("tcp://10.0.0.2", "tcp://10.0.0.2:2375")]
    [InlineData("http://dev", "tcp://dev:2375")]
    [InlineData("http://dev:80", "tcp://dev:80")]
    [InlineData("http://dev80/", "tcp://dev80:2375")]
    [InlineData("HTTPS://dev:443/", "tcp://dev:443")]
    [InlineData("https://dev", "tcp://dev:2376")]
    [InlineData("tcp://[fd7a::1]:2375", "tcp://[fd7a::1]:2375")]
    [InlineData("npipe:////./pipe/docker_engine", "npipe:////./pipe/docker_engine")]
    [InlineData("ssh", "ssh://automation@100.64.0.1:22")]
    public void An_address_is_read(string url, string address) => Assert.Equal(address, Of(url).Address);

    [Theory]
    [InlineData("")]
    [InlineData("docker")]
    [InlineData("unix://relative.sock")]
    [InlineData("tcp://")]
    [InlineData("ftp://dev")]
    [InlineData("ssh://user@dev")]
    [InlineData("tcp://user:secret@dev:2375")]
    [InlineData("npipe://docker_engine")]
    public void What_is_no_address_is_refused_with_the_key_and_a_way_out(string url)
    {
        var e = Assert.Throws<HomelabException>(() => Of(url));

        Assert.Equal(ErrorKind.Invalid, e.Kind);
        Assert.Equal("DockerEndpointInvalid", e.Id);
        Assert.Contains("hosts.dev.docker", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tls_settings_make_the_tls_port_the_usual_one() =>
        Assert.Equal("tcp://dev:2376", Of("tcp://dev", tls: new TlsDefinition { Sha256 = new string('a', 64) }).Address);

    [Fact]
    public void Ssh_needs_the_hosts_own_ssh_settings()
    {
        var host = new HostDefinition { Address = "dev", Docker = new DockerEndpointDefinition { Url = "ssh" } };

        Assert.Equal("DockerEndpointInvalid", Assert.Throws<HomelabException>(() => DockerEndpoint.Of("dev", host)).Id);
    }

    [Theory]
    [InlineData("-oProxyCommand=x", "automation")]
    [InlineData("dev", "-oProxyCommand=x")]
    public void What_ssh_would_take_for_an_option_is_refused(string address, string user)
    {
        var host = new HostDefinition { Address = address, Ssh = new SshDefinition { User = user }, Docker = new DockerEndpointDefinition { Url = "ssh" } };

        Assert.Equal("DockerEndpointInvalid", Assert.Throws<HomelabException>(() => DockerEndpoint.Of("dev", host)).Id);
    }

    private static DockerEndpoint Of(string url, TlsDefinition? tls = null) => DockerEndpoint.Of(
        "dev",
        new HostDefinition { Address = "100.64.0.1", Ssh = new SshDefinition { User = "automation" }, Docker = new DockerEndpointDefinition { Url = url, Tls = tls } });
}
