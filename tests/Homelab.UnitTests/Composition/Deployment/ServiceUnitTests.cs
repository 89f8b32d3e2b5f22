using Homelab.Composition.Deployment;
using Homelab.Tests;

namespace Homelab.UnitTests.Composition.Deployment;

public sealed class ServiceUnitTests
{
    [Fact]
    public void The_shipped_unit_is_the_rendering_with_the_defaults() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "deploy", ServiceUnit.Name)), new ServiceUnit().Render());

    [Fact]
    public void Only_what_names_something_of_the_machine_differs()
    {
        var unit = new ServiceUnit
        {
            Program = "/usr/bin/dotnet",
            Arguments = ["/usr/local/share/powershell/Modules/Homelab.PowerShell/host/homelab.dll"],
            LabFile = "/srv/lab/home.yaml",
            StateFolder = "/var/lib/homelab/second",
            User = "healer",
            UsesDockerGroup = true,
            Secrets = new Dictionary<string, string>(StringComparer.Ordinal) { ["kuma"] = "/srv/secrets/kuma", ["hook"] = "/srv/secrets/hook" },
        };
        var shipped = new ServiceUnit().Render().Split('\n');
        Assert.Equal(
            [
                "ExecStart=:/usr/bin/dotnet /usr/local/share/powershell/Modules/Homelab.PowerShell/host/homelab.dll serve --lab /srv/lab/home.yaml",
                "User=healer",
                "StateDirectory=homelab/second",
                "Environment=HOMELAB_STATE=/var/lib/homelab/second/homelab.db",
                "EnvironmentFile=-/srv/lab/homelab.env",
                "LoadCredential=hook:/srv/secrets/hook",
                "LoadCredential=kuma:/srv/secrets/kuma",
                "SupplementaryGroups=docker",
            ],
            unit.Render().Split('\n').Where(l => !shipped.Contains(l)));
    }

    [Theory]
    [InlineData("/etc/home lab/lab.yaml", "\"/etc/home lab/lab.yaml\"")]
    [InlineData("/etc/50%/lab.yaml", "\"/etc/50%%/lab.yaml\"")]
    [InlineData("/etc/%i/$HOME/lab.yaml", "\"/etc/%%i/$HOME/lab.yaml\"")]
    [InlineData("/etc/the \"lab\"/lab.yaml", "\"/etc/the \\\"lab\\\"/lab.yaml\"")]
    [InlineData("/etc/it's/lab.yaml", "\"/etc/it's/lab.yaml\"")]
    [InlineData("/etc/ ; /lab.yaml", "\"/etc/ ; /lab.yaml\"")]
    [InlineData("/etc/küche/lab.yaml", "\"/etc/küche/lab.yaml\"")]
    public void A_path_is_written_so_that_systemd_reads_it_back(string path, string written) =>
        Assert.Contains($"\nExecStart=:/opt/homelab/homelab serve --lab {written}\n", new ServiceUnit { LabFile = path }.Render(), StringComparison.Ordinal);

    [Fact]
    public void Where_no_quotes_are_read_only_the_percent_sign_is_doubled()
    {
        var unit = new ServiceUnit { LabFile = "/etc/a \"50%\" b/lab.yaml", Secrets = new Dictionary<string, string>(StringComparer.Ordinal) { ["hook"] = "/srv/my 1% secret" } }.Render();
        Assert.Contains("\nEnvironmentFile=-/etc/a \"50%%\" b/homelab.env\n", unit, StringComparison.Ordinal);
        Assert.Contains("\nLoadCredential=hook:/srv/my 1%% secret\n", unit, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("etc/lab.yaml", "is not an absolute path")]
    [InlineData("", "is empty")]
    [InlineData("/etc/lab.yaml\nExecStartPre=/bin/evil", "has a line break")]
    [InlineData("/etc/lab\0.yaml", "another control character")]
    [InlineData("/etc/../root/lab.yaml", "has an empty part")]
    [InlineData("/etc//lab.yaml", "has an empty part")]
    [InlineData("/etc/homelab/", "has an empty part")]
    [InlineData("/etc/lab\\", "has one of \\ * ? [ ] or ends with a blank")]
    [InlineData("/etc/*/lab.yaml", "has one of")]
    [InlineData("/etc/lab.yaml ", "ends with a blank")]
    [InlineData("/home/ann/lab.yaml", "lies below /home/, which the service does not see")]
    [InlineData("/tmp/lab.yaml", "lies below /tmp/")]
    public void A_lab_file_that_the_service_could_not_open_is_refused(string path, string says) => Refused(new ServiceUnit { LabFile = path }, nameof(ServiceUnit.LabFile), says);

    [Theory]
    [InlineData("homelab", "is not an absolute path")]
    [InlineData("/opt/the \"lab\"/homelab", "has a quote in it")]
    [InlineData("/opt/it's/homelab", "has a quote in it")]
    [InlineData("/root/.local/share/powershell/Modules/x/homelab", "lies below /root/")]
    public void A_program_that_systemd_could_not_start_is_refused(string path, string says) => Refused(new ServiceUnit { Program = path }, nameof(ServiceUnit.Program), says);

    [Theory]
    [InlineData("/home/ann/homelab.dll", "lies below /home/")]
    [InlineData("a\nb", "has a line break")]
    public void An_argument_is_checked_too(string argument, string says) => Refused(new ServiceUnit { Arguments = [argument] }, nameof(ServiceUnit.Arguments), says);

    [Theory]
    [InlineData("/srv/homelab")]
    [InlineData("/var/lib")]
    [InlineData("/var/lib/home lab")]
    [InlineData("/var/lib/a:b")]
    [InlineData("/var/lib/%i")]
    public void A_state_folder_that_systemd_would_not_make_is_refused(string folder) => Refused(new ServiceUnit { StateFolder = folder }, nameof(ServiceUnit.StateFolder), "/var/lib");

    [Theory]
    [InlineData("")]
    [InlineData("Home Lab")]
    [InlineData("-x")]
    [InlineData("a%u")]
    [InlineData("homelab\nCapabilityBoundingSet=~")]
    public void What_is_no_account_is_refused(string user) => Refused(new ServiceUnit { User = user }, nameof(ServiceUnit.User), "is not the name of an account");

    [Theory]
    [InlineData("a:b", "/x", "is not the name of a credential")]
    [InlineData("..", "/x", "is not the name of a credential")]
    [InlineData("hook", "x", "is not an absolute path")]
    public void What_is_no_secrets_file_is_refused(string name, string path, string says) =>
        Refused(new ServiceUnit { Secrets = new Dictionary<string, string>(StringComparer.Ordinal) { [name] = path } }, nameof(ServiceUnit.Secrets), says);

    private static void Refused(ServiceUnit unit, string field, string says)
    {
        var e = Assert.Throws<HomelabException>(unit.Render);
        Assert.Equal((ErrorKind.Invalid, "ServiceUnitInvalid"), (e.Kind, e.Id));
        Assert.StartsWith($"{field} '", e.Message, StringComparison.Ordinal);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(e.Message, char.IsControl);
    }
}
