using Homelab.Automation.Healing;

namespace Homelab.UnitTests.Automation;

/// <summary>Which service an alert is about. Two that fit are none.</summary>
public sealed class AlertMatcherTests
{
    private static readonly LabDefinition s_lab = new()
    {
        Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal)
        {
            ["dev"] = new() { Address = "10.0.0.2" },
            ["infra"] = new() { Address = "infra.lan" },
        },
        Services = new Dictionary<string, ServiceDefinition>(StringComparer.Ordinal)
        {
            ["gitea"] = new() { Container = new ContainerRef("gitea-app@dev"), Monitor = "Git" },
            ["cache"] = new() { Container = new ContainerRef("redis@dev") },
            ["queue"] = new() { Container = new ContainerRef("redis@infra") },
            ["dns"] = new() { Container = new ContainerRef("dns@infra") },
            ["web"] = new() { Unit = new UnitRef("nginx.service@infra") },
            ["machine"] = new() { Host = "dev", Provides = ServiceRole.Host },
            ["nas"] = new() { Vm = new VmRef("110") },
            ["media"] = new() { Vm = new VmRef("media-vm") },
        },
    };

    [Theory]
    [InlineData("gitea", null, null, "gitea")]
    [InlineData("git", null, null, "gitea")]
    [InlineData("gitea-app@dev", null, null, "gitea")]
    [InlineData("gitea-app", null, null, "gitea")]
    [InlineData("gitea-app", "dev", null, "gitea")]
    [InlineData("gitea-app", "unknown-host", null, "gitea")]
    [InlineData("redis", "infra", null, "queue")]
    [InlineData("redis", "infra.lan", null, "queue")]
    [InlineData("redis", "10.0.0.2", null, "cache")]
    [InlineData("nginx.service", "infra", null, "web")]
    [InlineData("media-vm", null, null, "media")]
    [InlineData("110", null, null, "nas")]
    [InlineData("whatever", null, "qemu/110", "nas")]
    [InlineData(null, "dev", null, "machine")]
    [InlineData("dev", "dev", null, "machine")]
    [InlineData("dev", null, null, "machine")]
    [InlineData("10.0.0.2", "10.0.0.2", null, "machine")]
    [InlineData(null, "infra", null, "host:infra")]
    [InlineData("infra.lan", "infra.lan", null, "host:infra")]
    public void It_is_found_by_each_of_its_names(string? subject, string? host, string? id, string expected) => Assert.Equal((expected, ""), Find(subject, host, id));

    [Theory]
    [InlineData("redis", null, null, "'redis' may be cache or queue")]
    [InlineData("dns", "dev", null, "service 'dns' runs on infra, and it is about dev")]
    [InlineData("gitea-app", "infra", null, "'gitea-app' runs on another machine than the one it is about")]
    [InlineData("unknown", "dev", null, "no service of the lab has the name, monitor, container, unit or guest 'unknown'")]
    [InlineData(null, "elsewhere", null, "'elsewhere' is no service and no host of the lab")]
    [InlineData(null, null, null, "it names nothing")]
    [InlineData("x", null, "110", "no service of the lab has the name, monitor, container, unit or guest 'x'")]
    public void What_is_not_clear_is_nothing_and_says_why(string? subject, string? host, string? id, string why) => Assert.Equal((null, why), Find(subject, host, id));

    [Fact]
    public void What_a_machine_lacks_is_matched_only_where_a_service_stands_for_it()
    {
        Assert.Equal(("machine", ""), Find(null, "dev", null, AlertStatus.Pressure));
        Assert.Equal((null, "no service provides host 'infra'"), Find(null, "infra", null, AlertStatus.Pressure));
    }

    private static (string? Service, string Why) Find(string? subject, string? host, string? id, AlertStatus status = AlertStatus.Down)
    {
        var match = new ServiceMap(s_lab).Find(new Alert { Source = "test", Status = status, Subject = subject, Host = host, SubjectId = id, At = default, Fingerprint = "1" });
        return (match.Service, match.Why);
    }
}
