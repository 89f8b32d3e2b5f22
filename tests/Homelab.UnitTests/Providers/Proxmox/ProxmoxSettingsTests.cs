using Homelab.Configuration;
using Homelab.Providers.Proxmox;
using Homelab.UnitTests.Configuration;

namespace Homelab.UnitTests.Providers.Proxmox;

public sealed class ProxmoxSettingsTests
{
    private const string Whole = $"{WireBench.Id}={WireBench.Key}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_in_two_parts_is_put_together()
    {
        await using var server = new RawServer(_ => RawReply.Data("""{"version":"9.1.9"}"""));
        using var bench = BenchOf(new ProxmoxSettings { Url = server.Url, TokenId = WireBench.Id, TokenSecret = WireBench.Reference("SECRET") }, ("SECRET", WireBench.Key + "\n"));

        Assert.Equal(WireBench.Id, bench.Wire.User);
        await bench.VersionAsync(Cancel);

        Assert.Equal("PVEAPIToken=" + Whole, Assert.Single(server.Requests).Headers["Authorization"]);
    }

    [Theory]
    [InlineData("garbage-that-nobody-may-see")]
    [InlineData("homelab@pve!test")]
    [InlineData("homelab@pve!test=no-uuid-at-all")]
    [InlineData("homelab@pve!test 01234567-89ab-cdef-0123-456789abcdef")]
    [InlineData("homelab!test=01234567-89ab-cdef-0123-456789abcdef")]
    [InlineData("homelab@pve=01234567-89ab-cdef-0123-456789abcdef")]
    [InlineData("home\r\nlab@pve!test=01234567-89ab-cdef-0123-456789abcdef")]
    [InlineData("hömelab@pve!test=01234567-89ab-cdef-0123-456789abcdef")]
    [InlineData("PVEAPIToken=homelab@pve!test=01234567-89ab-cdef-0123-456789abcdef")]
    public async Task A_token_of_another_form_is_never_sent_and_never_shown(string token)
    {
        await using var server = new RawServer(_ => RawReply.Data("{}"));
        using var bench = BenchOf(new ProxmoxSettings { Url = server.Url, Token = WireBench.Reference("TOKEN") }, ("TOKEN", token));

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));

        Assert.Equal((ErrorKind.Invalid, "ProxmoxTokenInvalid", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("providers.proxmox.token (env:TOKEN)", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(token, e.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("homelab@pve", WireBench.Key, "providers.proxmox.tokenId")]
    [InlineData(WireBench.Id, "a-secret-of-another-form", "providers.proxmox.tokenSecret (env:SECRET)")]
    [InlineData(WireBench.Key, WireBench.Key, "providers.proxmox.tokenId")]
    public async Task A_part_of_a_token_that_cannot_be_one_is_told_by_its_setting(string id, string secret, string setting)
    {
        using var bench = BenchOf(new ProxmoxSettings { Url = new Uri("http://localhost:1"), TokenId = id, TokenSecret = WireBench.Reference("SECRET") }, ("SECRET", secret));

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));

        Assert.Equal("ProxmoxTokenInvalid", e.Id);
        Assert.Contains(setting, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false, false, false, "ProxmoxCredentialMissing", "gives no credential")]
    [InlineData(false, true, false, false, "ProxmoxCredentialMissing", "tokenId without tokenSecret")]
    [InlineData(false, false, true, false, "ProxmoxCredentialMissing", "tokenSecret without tokenId")]
    [InlineData(true, false, false, true, "ProxmoxCredentialAmbiguous", "token, and login")]
    [InlineData(true, true, true, false, "ProxmoxCredentialAmbiguous", "PROXMOX_TOKEN_ID")]
    [InlineData(false, true, true, true, "ProxmoxCredentialAmbiguous", "tokenId and tokenSecret, and login")]
    public async Task There_is_exactly_one_credential(bool token, bool id, bool secret, bool login, string expected, string says)
    {
        var settings = new ProxmoxSettings
        {
            Url = new Uri("https://localhost:1"),
            Token = token ? WireBench.Reference("TOKEN") : null,
            TokenId = id ? WireBench.Id : null,
            TokenSecret = secret ? WireBench.Reference("SECRET") : null,
            Login = login ? new ProxmoxLoginDefinition { User = "root@pam", Password = WireBench.Reference("PASSWORD") } : null,
        };
        // Not the making, but the first call tells.
        using var bench = BenchOf(settings);

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));

        Assert.Equal((ErrorKind.Invalid, expected, true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://pve:8006", "is not encrypted")]
    [InlineData("https://root:secret@pve:8006", "holds a user or password")]
    [InlineData("ftp://pve", "is no https address")]
    [InlineData("pve:8006/x", "is no https address")]
    [InlineData("pve", "is no https address")]
    public async Task An_address_that_would_give_the_credential_away_or_leads_nowhere_is_refused(string url, string says)
    {
        using var bench = BenchOf(new ProxmoxSettings { Url = new Uri(url, UriKind.RelativeOrAbsolute), Token = WireBench.Reference("TOKEN") }, ("TOKEN", Whole));

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));

        Assert.Equal((ErrorKind.Invalid, "ProxmoxUrlInvalid", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("providers.proxmox.url", e.Message, StringComparison.Ordinal);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_among_the_others_is_told_by_its_place()
    {
        var settings = new ProxmoxSettings { Url = new Uri("https://localhost:1"), Failover = [new ProxmoxNodeDefinition { Url = new Uri("https://localhost:2") }, new ProxmoxNodeDefinition { Url = new Uri("http://pve3:8006") }], Token = WireBench.Reference("TOKEN") };
        using var bench = BenchOf(settings, ("TOKEN", Whole));

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));

        Assert.Contains("providers.proxmox.failover[1].url (pve3:8006)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_settings_are_read_from_a_lab_file_with_a_node_in_short_and_one_in_full()
    {
        using var folder = new LabFolder();
        folder.Write("lab.yaml", LabFolder.Head + $$"""
            providers:
              proxmox:
                url: https://pve:8006
                failover:
                  - https://pve2:8006
                  - { url: "https://pve3:8006", tls: { ca: pve3.pem } }
                login: { user: root@pam, password: "env:PASSWORD", totp: "env:TOTP" }
                tls: { sha256: "{{new string('a', 64)}}" }

            """);
        var reader = new LabReader(new Dictionary<string, Type>(StringComparer.Ordinal) { ["proxmox"] = typeof(ProxmoxSettings) }, static _ => null);

        var settings = Assert.IsType<ProxmoxSettings>(reader.Read(Path.Join(folder.Root, "lab.yaml")).Lab.Providers["proxmox"]);

        Assert.Equal(["https://pve2:8006/", "https://pve3:8006/"], settings.Failover.Select(static n => n.Url.ToString()));
        Assert.Equal((null, "pve3.pem"), (settings.Failover[0].Tls, settings.Failover[1].Tls?.Ca));
        Assert.Equal(("root@pam", "env:TOTP"), (settings.Login!.User, settings.Login.Totp!.ToString()));
    }

    [Fact]
    public void The_cluster_is_named_by_host_and_port_and_its_path_is_not_part_of_it()
    {
        using var bench = BenchOf(new ProxmoxSettings { Url = new Uri("https://pve.lan:8006/api2/json?x=y"), Token = WireBench.Reference("TOKEN") });

        Assert.Equal("pve.lan:8006", bench.Wire.Cluster);
        Assert.Null(bench.Wire.User);
    }

    private static WireBench BenchOf(ProxmoxSettings settings, params (string Name, string Value)[] secrets) => new(settings, secrets: new Secrets(secrets));
}
