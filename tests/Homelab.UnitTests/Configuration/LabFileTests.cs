using Homelab.Configuration;

namespace Homelab.UnitTests.Configuration;

public sealed class LabFileTests
{
    internal const string Sample = """
        apiVersion: homelab/v1
        kind: Lab
        metadata: { name: thinmint }
        access: { interactive: manage, mcp: monitor, webhook: operate, schedule: operate, rest: operate }
        hosts:
          infra: { address: 100.112.252.61, ssh: { user: automation, key: "file:keys/infra_ed25519" }, docker: ssh }
          dev: { address: dev.tail.example, docker: { url: "tcp://100.112.252.62:2376", tls: { ca: certs/ca.pem } } }
        providers:
          proxmox: { url: "https://100.75.100.113:8006", token: "env:PROXMOX_TOKEN", tls: { sha256: "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF" } }
          kuma:    { url: "http://100.112.252.61:3001", apiKey: "env:UPTIME_KUMA_API_KEY" }
        services:
          dns: { check: { dns: { server: 10.0.0.53, name: gitea.thinmint.dev } } }
          postgres:
          gitea:
            container: gitea@dev
            tier: critical
            dependsOn: [dns, postgres]
            monitor: Gitea
            check: { http: "https://gitea.thinmint.dev/api/v1/version", expect: [ 200-299, 401 ] }
            hint: Check the database.
        policy:
          approvals: { docker_stop_container: ask, "docker_*": auto }
          protected: [ gitea@dev, "*@infra", "vm:101" ]
          limits: { cooldown: 90s, rate: 10, ratePer: 1h30m }
          windows:
            - { name: night, from: 23:00, to: "07:00", timeZone: Europe/Berlin, days: [ monday, friday ], require: askTwice }
        notify: { telegram: { token: "env:TELEGRAM_BOT_TOKEN", chat: "env:TELEGRAM_CHAT_ID", approvers: [ 1111 ] } }
        hooks: { uptime-alert: { token: "env:HOOK_TOKEN" } }
        server: { listen: "127.0.0.1:0", importantDelay: 0 }
        """;

    private static LabFile ReadSample()
    {
        using var folder = new LabFolder();
        return folder.Write("lab.yaml", Sample).Read();
    }

    [Fact]
    public void The_sample_of_the_design_is_read_without_a_warning()
    {
        var file = ReadSample();
        Assert.Equal("thinmint", file.Lab.Name);
        Assert.Empty(file.Warnings);
        Assert.Equal("dev infra", string.Join(' ', file.Lab.Hosts.Keys.Order(StringComparer.Ordinal)));
        Assert.Equal(["dns", "postgres"], file.Lab.Services["gitea"].DependsOn);
    }

    [Fact]
    public void Every_form_of_value_arrives_as_its_type()
    {
        var lab = ReadSample().Lab;
        var gitea = lab.Services["gitea"];
        Assert.Equal(new ContainerRef("gitea@dev"), gitea.Container);
        Assert.Equal(ServiceTier.Critical, gitea.Tier);
        Assert.Equal(new Uri("https://gitea.thinmint.dev/api/v1/version"), gitea.Check!.Http);
        Assert.Equal(["200-299", "401"], gitea.Check.Expect);
        Assert.Equal("file:keys/infra_ed25519", lab.Hosts["infra"].Ssh!.Key!.ToString());
        Assert.Equal([1111L], lab.Notify.Telegram!.Approvers);
        Assert.Equal(TimeSpan.FromMinutes(90), lab.Policy.Limits.RatePer);
        Assert.Equal(TimeSpan.Zero, lab.Server.ImportantDelay);
        Assert.Equal(Requirement.Auto, lab.Policy.Approvals["docker_*"]);
        var night = Assert.Single(lab.Policy.Windows);
        Assert.Equal((new TimeOnly(23, 0), new TimeOnly(7, 0)), (night.From, night.To));
        Assert.Equal([DayOfWeek.Monday, DayOfWeek.Friday], night.Days);
        Assert.Equal("env:UPTIME_KUMA_API_KEY", ((KumaSample)lab.Providers["kuma"]).ApiKey!.ToString());
    }

    [Fact]
    public void A_docker_endpoint_may_be_only_its_url_or_a_mapping()
    {
        var hosts = ReadSample().Lab.Hosts;
        Assert.Equal("ssh", hosts["infra"].Docker!.Url);
        Assert.Equal("tcp://100.112.252.62:2376", hosts["dev"].Docker!.Url);
        Assert.Equal("certs/ca.pem", hosts["dev"].Docker!.Tls!.Ca);
    }

    [Fact]
    public void What_is_not_written_has_the_default_of_the_record()
    {
        var lab = LabFolder.Parse("").Lab;
        Assert.Equal(new ServerDefinition().Listen, lab.Server.Listen);
        Assert.Equal(Level.Monitor, lab.Access.Mcp);
        Assert.Equal(["cli:*"], lab.Policy.Approval.Approvers);
        Assert.Empty(lab.Services);
    }

    [Fact]
    public void An_empty_service_is_a_service_with_every_default()
    {
        var postgres = ReadSample().Lab.Services["postgres"];
        Assert.Equal(ServiceTier.Standard, postgres.Tier);
        Assert.Null(postgres.Container);
    }

    [Fact]
    public void Every_value_knows_its_place()
    {
        using var folder = new LabFolder();
        var source = folder.Write("lab.yaml", LabFolder.Head + "services:\n  gitea:\n    tier: critical\n    dependsOn: [ dns ]\n  dns:\n").Read().Source;
        Assert.Equal((6, 11), (source.Of("services.gitea.tier").Line, source.Of("services.gitea.tier").Column));
        Assert.Equal((7, 18), (source.Of("services.gitea.dependsOn[0]").Line, source.Of("services.gitea.dependsOn[0]").Column));
        Assert.Equal(Path.Join(folder.Root, "lab.yaml"), source.Of("services.gitea").File);
    }

    [Fact]
    public void Relative_paths_start_in_the_folder_of_the_lab_file()
    {
        using var folder = new LabFolder();
        Assert.Equal(Path.Join(folder.Root, "sub"), folder.Write("sub/lab.yaml", LabFolder.Head).Read("sub/lab.yaml").BasePath);
    }

    [Fact]
    public void Anchors_aliases_and_merge_keys_are_followed()
    {
        var services = LabFolder.Parse("""
            services:
              a: &a { tier: critical, hint: one }
              b: { <<: *a, hint: two }
              c: *a
            """).Lab.Services;
        Assert.Equal((ServiceTier.Critical, "two"), (services["b"].Tier, services["b"].Hint));
        Assert.Equal((ServiceTier.Critical, "one"), (services["c"].Tier, services["c"].Hint));
    }

    [Fact]
    public void Names_of_choices_are_read_in_any_case() => Assert.Equal(Level.Manage, LabFolder.Parse("access: { mcp: Manage }").Lab.Access.Mcp);

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_are_read()
    {
        using var folder = new LabFolder();
        Assert.Equal("test", folder.Write("lab.yaml", "\uFEFF" + LabFolder.Head.ReplaceLineEndings("\r\n")).Read().Lab.Name);
    }

    [Theory]
    [InlineData(typeof(Undescribed))]
    [InlineData(typeof(Nested))]
    public void A_settings_type_without_descriptions_is_refused_when_the_reader_is_made(Type type)
    {
        var error = Assert.Throws<InvalidOperationException>(() => new LabReader(new Dictionary<string, Type>(StringComparer.Ordinal) { ["x"] = type }, static _ => null));
        Assert.Contains("Undescribed.Name", error.Message, StringComparison.Ordinal);
    }

    private sealed record Undescribed
    {
        public string Name { get; init; } = "";
    }

    private sealed record Nested
    {
        [System.ComponentModel.Description("More.")]
        public IReadOnlyList<Undescribed> More { get; init; } = [];
    }
}
