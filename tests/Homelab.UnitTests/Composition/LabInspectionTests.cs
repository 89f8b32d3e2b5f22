using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Lab.Docker;
using Homelab.Lab.Kuma;
using Homelab.Lab.Services;

namespace Homelab.UnitTests.Composition;

public sealed class LabInspectionTests : IDisposable
{
    private const string Head = "apiVersion: homelab/v1\nkind: Lab\nmetadata: { name: test }\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("hl-inspect-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_mistake_of_the_file_is_a_row_with_its_place_and_the_way_out()
    {
        var checks = await InspectAsync("hosts: { dev: { adress: dev } }\nservices: { a: { tire: critical } }\n");

        Assert.Equal(["lab.yaml:4:17", "lab.yaml:5:18"], checks.Select(static c => Path.GetFileName(c.Name)));
        Assert.All(checks, static c => Assert.Equal(("file", CheckStatus.Failed), (c.Group, c.Status)));
        Assert.Contains("'address'", checks[0].Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_probably_not_meant_is_a_warning()
    {
        var checks = await InspectAsync("policy: { protected: [ \"gitea@nowhere\" ] }\n", offline: true);

        var warning = Assert.Single(checks, static c => c.Status == CheckStatus.Warning);
        Assert.Equal("file", warning.Group);
        Assert.Contains("'nowhere' is no host of this lab", warning.Detail, StringComparison.Ordinal);
        Assert.NotEmpty(warning.Fix);
    }

    [Fact]
    public async Task A_procedure_with_mistakes_is_a_row_and_keeps_nothing_from_being_looked_at()
    {
        Write("procedures/bad.md", "---\nname: bad\ntitel: T\nsummary: S.\n---\ntext\n");
        var checks = await InspectAsync("", offline: true);

        var bad = Assert.Single(checks, static c => c.Status == CheckStatus.Failed);
        Assert.Equal(("procedure", "bad.md:3:1"), (bad.Group, Path.GetFileName(bad.Name)));
        Assert.Contains("'title'", bad.Fix, StringComparison.Ordinal);
        Assert.Contains(checks, static c => c is { Group: "procedure", Name: "placement", Status: CheckStatus.Ok });
        Assert.Contains(checks, static c => c is { Group: "policy", Status: CheckStatus.Ok });
    }

    [Fact]
    public async Task What_does_not_fit_the_catalog_is_told_as_runbook_hook_or_policy()
    {
        Write("books/bad.yaml", "apiVersion: homelab/v1\nkind: Runbook\nmetadata: { name: bad }\nspec:\n  level: operate\n  trigger: { alert: { status: down } }\n  steps:\n    - { id: a, do: docker_restrat_container, with: { container: gitea@dev } }\n");
        var checks = await InspectAsync(
            "policy: { approvals: { docker_stopp_container: ask } }\nhooks: { a: { source: kumma, token: \"file:t\" } }\nserver: { runbooks: [ books ] }\n",
            offline: true);

        var bad = checks.Where(static c => c.Status == CheckStatus.Failed).ToDictionary(static c => c.Group, StringComparer.Ordinal);
        Assert.Equal(["hook", "policy", "runbook"], bad.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("bad.yaml:8:20", Path.GetFileName(bad["runbook"].Name));
        Assert.Contains("docker_restart_container", bad["runbook"].Fix, StringComparison.Ordinal);
        Assert.Contains("docker_stop_container", bad["policy"].Fix, StringComparison.Ordinal);
        Assert.Contains("'kuma'", bad["hook"].Fix, StringComparison.Ordinal);
        Assert.Contains(checks, static c => c is { Group: "runbook", Name: "container-crash-recovery", Status: CheckStatus.Ok });
    }

    [Fact]
    public async Task A_runbook_that_cannot_be_read_is_a_row()
    {
        Write("books/bad.yaml", "apiVersion: homelab/v1\nkind: Runbook\nmetadata: { name: bad }\n");
        var checks = await InspectAsync("server: { runbooks: [ books ] }\n");

        Assert.Contains(checks, static c => c is { Group: "runbook", Status: CheckStatus.Failed } && c.Fix.Length > 0);
    }

    [Fact]
    public async Task An_engines_address_that_cannot_be_used_is_a_row()
    {
        var checks = await InspectAsync("hosts: { dev: { docker: \"tcp://dev:2375/path\" } }\n");

        var check = checks[^1];
        Assert.Equal(("connection", "dev", CheckStatus.Failed), (check.Group, check.Name, check.Status));
        Assert.Contains("hosts.dev.docker", check.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_secret_of_the_lab_is_opened_and_none_is_shown()
    {
        Write("there", "a-value-that-nobody-may-see");
        var checks = await InspectAsync(
            """
            hosts:
              a: { address: 127.0.0.1, ssh: { user: u, key: "file:no-key" }, docker: { url: "https://127.0.0.1:1", tls: { certificate: c.pem, key: "env:HL_NO_SUCH_VARIABLE" } } }
            providers: { kuma: { url: "http://127.0.0.1:1", apiKey: "file:there", tls: { key: "vault:none" } } }
            hooks: { up-1: { token: "file:there" } }
            notify: { telegram: { token: "file:no-token", chat: "file:there", url: "http://127.0.0.1:1" } }

            """);

        var secrets = checks.Where(static c => c.Group == "secret").ToDictionary(static c => c.Name, StringComparer.Ordinal);
        Assert.Equal(
            [
                ("hooks.up-1.token", CheckStatus.Ok), ("hosts.a.docker.tls.key", CheckStatus.Failed), ("hosts.a.ssh.key", CheckStatus.Failed), ("notify.telegram.chat", CheckStatus.Ok),
                ("notify.telegram.token", CheckStatus.Failed), ("providers.kuma.apiKey", CheckStatus.Ok), ("providers.kuma.tls.key", CheckStatus.Failed),
            ],
            secrets.Values.Select(static s => (s.Name, s.Status)).OrderBy(static s => s.Name, StringComparer.Ordinal));
        Assert.Equal("Set the environment variable HL_NO_SUCH_VARIABLE for this process, or change hosts.a.docker.tls.key.", secrets["hosts.a.docker.tls.key"].Fix);
        Assert.Contains("lab.yaml:5:", secrets["hosts.a.ssh.key"].Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("a-value-that-nobody-may-see", string.Concat(checks), StringComparison.Ordinal);
        // What cannot be reached is told beside them.
        Assert.Equal(["docker@a", "kuma", "ssh@a", "telegram"], checks.Where(static c => c is { Group: "connection", Status: CheckStatus.Failed }).Select(static c => c.Name).Order(StringComparer.Ordinal));
        Assert.All(checks, static c => Assert.Equal(c.Status == CheckStatus.Ok, c.Fix.Length == 0));
    }

    [Fact]
    public async Task A_lab_that_is_well_says_so_row_by_row()
    {
        await using var engine = await SimulatedDockerEngine.StartAsync(new SimulatedDockerEngineOptions(), Cancel);
        await using var kuma = await SimulatedKuma.StartAsync(apiKey: null);
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200, "ok"));
        var lab = $"hosts: {{ dev: {{ docker: \"{engine.Endpoint}\" }} }}\nproviders: {{ kuma: {{ url: \"{kuma.Url}\" }} }}\nservices: {{ web: {{ check: {{ http: \"{service.Url}\" }}, hint: Ask Anna. }} }}\n";

        var checks = await InspectAsync(lab);

        Assert.All(checks, static c => Assert.Equal(CheckStatus.Ok, c.Status));
        Assert.Equal(["connection", "file", "policy", "procedure", "rights", "runbook", "service"], checks.Select(static c => c.Group).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

        service.Fault = ServiceFault.Refuse;
        var down = Assert.Single(await InspectAsync(lab), static c => c.Status != CheckStatus.Ok);
        Assert.Equal(("service", "web", CheckStatus.Failed, "Ask Anna."), (down.Group, down.Name, down.Status, down.Fix));
    }

    [Fact]
    public async Task Offline_nobody_is_asked_and_that_is_said()
    {
        await using var engine = await SimulatedDockerEngine.StartAsync(new SimulatedDockerEngineOptions(), Cancel);

        var checks = await InspectAsync($"hosts: {{ dev: {{ docker: \"{engine.Endpoint}\" }} }}\nhooks: {{ a: {{ token: \"file:none\" }} }}\n", offline: true);

        Assert.Equal(CheckStatus.Skipped, checks[^1].Status);
        Assert.All(checks.SkipLast(1), static c => Assert.Equal(CheckStatus.Ok, c.Status));
        Assert.Empty(engine.Requests);
    }

    [Fact]
    public async Task A_caller_who_may_not_look_at_services_is_told_so()
    {
        Write("lab.yaml", Head + "access: { identities: { \"interactive:guest\": none } }\nservices: { web: { check: { tcp: \"127.0.0.1:1\" } } }\n");
        var checks = await LabInspection.InspectAsync(Read(), new InspectionOptions { Caller = new Caller(Face.Interactive, "guest") }, Cancel).ToListAsync(Cancel);
        Assert.Contains(checks, static c => c is { Group: "policy", Name: "network_check_services", Status: CheckStatus.Failed });
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<List<LabCheck>> InspectAsync(string sections, bool offline = false)
    {
        Write("lab.yaml", Head + sections);
        return LabInspection.InspectAsync(Read, new InspectionOptions { Offline = offline }, Cancel).ToListAsync(Cancel).AsTask();
    }

    private LabFile Read() => new LabReader(ProviderList.Settings, static _ => null).Read(Path.Combine(_folder, "lab.yaml"));

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
