using Homelab.Automation.Healing;
using Homelab.Automation.Runbooks;
using Homelab.Configuration;
using Homelab.Tests;

namespace Homelab.UnitTests.Composition;

/// <summary>The runbooks that are shipped, against the whole catalog.</summary>
public sealed class ShippedRunbookTests
{
    private static readonly IReadOnlyList<Runbook> s_shipped = RunbookReader.Read(Path.Combine(Repository.Root, "runbooks"));

    [Fact]
    public void Every_shipped_runbook_fits_the_catalog_and_what_a_lab_grants_by_default()
    {
        var checker = new RunbookChecker(CatalogBench.Catalog, new Decider(new AccessPolicy(), new GatePolicy(), []));
        Assert.Empty(s_shipped.SelectMany(checker.Check).Concat(RunbookChecker.CheckHandovers(s_shipped)).Select(p => p.ToString()));
    }

    [Fact]
    public void Every_shipped_runbook_names_its_source_its_cause_and_ends_with_people_being_told()
    {
        foreach (var runbook in s_shipped)
        {
            var text = File.ReadAllText(Path.Combine(Repository.Root, "runbooks", runbook.Name + ".yaml"));
            Assert.Contains("\n# Cause: ", text, StringComparison.Ordinal);
            Assert.NotEmpty(runbook.Description);
            Assert.Contains("service.name", runbook.Otherwise.Escalate, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_shipped_runbook_speaks_of_volumes_or_destroys_anything()
    {
        var catalog = CatalogBench.Catalog;
        foreach (var step in s_shipped.SelectMany(r => r.Steps).Where(s => s.Stop is null))
        {
            Assert.DoesNotContain("volume", step.Do, StringComparison.Ordinal);
            if (catalog.TryFind(step.Do, out var operation)) Assert.NotEqual(Risk.Destroy, operation.Descriptor.Risk);
        }
    }

    [Theory]
    [InlineData("gitea", AlertStatus.Down, null, "kuma", "container-crash-recovery")]
    [InlineData("dns", AlertStatus.Down, null, "kuma", "dns-outage")]
    [InlineData("traefik", AlertStatus.Down, null, "kuma", "traefik-not-routing")]
    [InlineData("dev", AlertStatus.Down, null, "kuma", "proxmox-guest-down")]
    [InlineData("tailnet", AlertStatus.Down, null, "kuma", "tailscale-connectivity")]
    [InlineData("site", AlertStatus.Down, null, "kuma", null)]
    [InlineData("gitea", AlertStatus.Certificate, null, "kuma", "certificate-expiry")]
    [InlineData("gitea", AlertStatus.Pressure, "memory", "alertmanager", "resource-pressure")]
    [InlineData("gitea", AlertStatus.Pressure, "memory", "docker", "container-memory")]
    [InlineData("gitea", AlertStatus.Pressure, "cpu", "netdata", null)]
    [InlineData("dev", AlertStatus.Pressure, "memory", "alertmanager", "resource-exhaustion")]
    [InlineData("dev", AlertStatus.Pressure, "disk", "alertmanager", "resource-pressure")]
    public void An_alert_sets_off_the_runbook_that_is_written_for_it(string service, AlertStatus status, string? resource, string source, string? expected)
    {
        var definition = s_services[service];
        var alert = new Alert { Source = source, Status = status, Resource = resource, At = DateTimeOffset.UnixEpoch, Fingerprint = "f" };
        Assert.Equal(expected, new RunbookShelf(s_shipped).Choose(service, definition, alert)?.Name);
    }

    private static readonly Dictionary<string, ServiceDefinition> s_services = new(StringComparer.Ordinal)
    {
        ["gitea"] = new() { Container = new ContainerRef("gitea@dev") },
        ["dns"] = new() { Container = new ContainerRef("adguardhome@infra"), Provides = ServiceRole.Dns },
        ["traefik"] = new() { Container = new ContainerRef("traefik@infra"), Provides = ServiceRole.Proxy },
        ["dev"] = new() { Vm = new VmRef("dev"), Host = "dev", Provides = ServiceRole.Host },
        ["tailnet"] = new() { Provides = ServiceRole.Vpn },
        ["site"] = new(),
    };
}
