using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Providers.Mcp;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Mcp;

/// <summary>What the page shows of the lab file is read as the page says.</summary>
public sealed class LabFileTests
{
    [Fact]
    public void The_servers_of_the_page_are_read_and_every_secret_of_them_is_found()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "mcp-servers.md"));
        var yaml = page.Split("```yaml", 2)[1].Split("```", 2)[0];
        var folder = Directory.CreateTempSubdirectory("hl-mcp-lab-");
        try
        {
            var path = Path.Combine(folder.FullName, "homelab.yaml");
            File.WriteAllText(path, $"apiVersion: homelab/v1\nkind: Lab\nmetadata: {{ name: several }}\n{yaml}");
            var lab = new LabReader(ProviderList.Settings, static _ => null).Read(path).Lab;
            var servers = ((McpServersSettings)lab.Providers["mcp"]).Servers;
            Assert.Equal(["proxmox", "homelab-mcp", "gateway", "here"], servers.Keys);
            Assert.All(servers.Values, static s => Assert.Null(SettingsCheck.Objection(s)));
            Assert.Equal(["*_restart", "wake_*"], servers["homelab-mcp"].Categories["control"]);
            Assert.Equal(
                ["providers.mcp.servers.proxmox.token", "providers.mcp.servers.homelab-mcp.secrets.PIHOLE_API_KEY_INFRA", "providers.mcp.servers.here.token"],
                SecretWalk.In(lab).Select(static s => s.Path));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
