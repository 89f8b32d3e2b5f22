using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Providers.OpnSense;
using Homelab.Providers.TrueNas;
using Homelab.UnitTests.Configuration;

namespace Homelab.UnitTests.Composition;

/// <summary>The variables that users of the older server have set: <c>OPNSENSE_…</c> and <c>TRUENAS_…</c>.</summary>
public sealed class ApplianceEnvironmentTests
{
    [Fact]
    public void A_firewall_and_a_storage_server_can_be_made_of_the_environment_alone()
    {
        var lab = Read(("OPNSENSE_HOST", "10.0.0.1"), ("OPNSENSE_API_KEY", "key"), ("OPNSENSE_API_SECRET", "secret"), ("TRUENAS_HOST", "https://nas:8443"), ("TRUENAS_API_KEY", "1-abc"));
        var firewall = (OpnSenseSettings)lab.Providers["opnsense"];
        var nas = (TrueNasSettings)lab.Providers["truenas"];
        Assert.Equal(("https://10.0.0.1/", "env:OPNSENSE_API_KEY", "env:OPNSENSE_API_SECRET"), (firewall.Url.ToString(), firewall.Key.ToString(), firewall.Secret.ToString()));
        Assert.Equal(("https://nas:8443/", "env:TRUENAS_API_KEY"), (nas.Url.ToString(), nas.ApiKey.ToString()));
        Assert.Null(firewall.Tls);
    }

    [Fact]
    public void A_key_alone_names_no_server() => Assert.Empty(Read(("OPNSENSE_API_KEY", "key"), ("TRUENAS_API_KEY", "1-abc")).Providers);

    [Fact]
    public void A_server_in_the_file_takes_its_key_from_the_environment()
    {
        using var folder = new LabFolder();
        folder.Write("lab.yaml", LabFolder.Head + "providers: { truenas: { url: \"https://mine\", user: anna } }\n");
        var lab = Reader(("TRUENAS_HOST", "other"), ("TRUENAS_API_KEY", "1-abc")).Read(Path.Join(folder.Root, "lab.yaml")).Lab;
        var nas = (TrueNasSettings)lab.Providers["truenas"];
        Assert.Equal(("https://mine/", "anna", "env:TRUENAS_API_KEY"), (nas.Url.ToString(), nas.User, nas.ApiKey.ToString()));
    }

    private static LabDefinition Read(params (string Name, string Value)[] variables)
    {
        using var folder = new LabFolder();
        return Reader(variables).FromEnvironment(folder.Root).Lab;
    }

    private static LabReader Reader(params (string Name, string Value)[] variables) =>
        new(ProviderList.Settings, name => variables.FirstOrDefault(v => v.Name == name).Value);
}
