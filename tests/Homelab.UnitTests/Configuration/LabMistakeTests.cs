using Homelab.Configuration;

namespace Homelab.UnitTests.Configuration;

/// <summary>Each kind of mistake, with the place that § marks, the reason and the way out.</summary>
public sealed class LabMistakeTests
{
    private const string Secret = "hunter2-and-more";

    [Theory]
    [InlineData("services:\n  gitea:\n    §tire: critical", "services.gitea.tire", "is not a key here", "Did you mean 'tier'?")]
    [InlineData("§servces: {}", "servces", "is not a key here", "Did you mean 'services'?")]
    [InlineData("services:\n  gitea: { tier: §criticl }", "services.gitea.tier", "is 'criticl', not one of standard, important, critical", "Did you mean 'critical'?")]
    [InlineData("services:\n  gitea: { tier: §2 }", "services.gitea.tier", "is '2', not one of", "Write one of these.")]
    [InlineData("services:\n  gitea:\n    hint: a\n    §hint: b", "services.gitea.hint", "is given twice, first in line 6", "Keep one")]
    [InlineData("hosts:\n  a: { address: a, §ssh: { port: 22 } }", "hosts.a.ssh.user", "is missing", "a dedicated one")]
    [InlineData("hosts:\n  a: { address: a, ssh: { §usr: me } }", "hosts.a.ssh.usr", "is not a key here", "Did you mean 'user'?")]
    [InlineData("hosts:\n  a: { address: a, ssh: { user: me, port: §70000 } }", "hosts.a.ssh.port", "is 70000, not from 1 to 65535", "The port")]
    [InlineData("hosts:\n  a: { address: a, ssh: { user: me, port: §twenty } }", "hosts.a.ssh.port", "is 'twenty', not a whole number", "Write a whole number")]
    [InlineData("hosts:\n  a: { address: a, ssh: { user: me, port: §\"22\" } }", "hosts.a.ssh.port", "is '22', not a whole number", "without quotes")]
    [InlineData("hosts:\n  a: { address: a, ssh: { user: me, port: §99999999999999999999 } }", "hosts.a.ssh.port", "not a whole number", "Write")]
    [InlineData("hosts:\n  a: { address: a, ssh: §me }", "hosts.a.ssh", "is a single value, not a mapping", "user, key, port")]
    [InlineData("hosts: §[ a ]", "hosts", "is a list, not a mapping of names", "as a key")]
    [InlineData("hosts:\n  a: { address: §[ a ] }", "hosts.a.address", "is a list, not a text", "Write a text")]
    [InlineData("services:\n  a: { dependsOn: §b }\n  b:", "services.a.dependsOn", "is a single value, not a list", "in brackets")]
    [InlineData("services:\n  a: { dependsOn: [ b, §~ ] }\n  b:", "services.a.dependsOn[1]", "is empty", "Give a text")]
    [InlineData("server: { importantDelay: §30 }", "server.importantDelay", "is '30', not a duration", "30s or 30m")]
    [InlineData("server: { importantDelay: §soon }", "server.importantDelay", "is 'soon', not a duration", "1h30m")]
    [InlineData("server: { importantDelay: §\"-00:05\" }", "server.importantDelay", "not a duration", "Write")]
    [InlineData("policy: { approval: { twoPeople: §yes } }", "policy.approval.twoPeople", "is 'yes', not true or false", "Did you mean true?")]
    [InlineData("policy: { approval: { twoPeople: §\"true\" } }", "policy.approval.twoPeople", "is 'true', not true or false", "without quotes")]
    [InlineData("policy: { approval: { expiry: §0s } }", "policy.approval.expiry", "is 0s, not from 1s to 7d", "How long")]
    [InlineData("policy: { limits: { attempts: §0 } }", "policy.limits.attempts", "is 0, not from 1 to 1000000", "How many")]
    [InlineData("policy: { approvals: { docker_x_y: §perhaps } }", "policy.approvals.docker_x_y", "is 'perhaps', not one of auto, ask, askTwice, deny", "Write one of these.")]
    [InlineData("policy: { approvals: { §docker_x_y: } }", "policy.approvals.docker_x_y", "is empty", "one of auto")]
    [InlineData("policy: { windows: [ { name: n, from: §noon, to: 23:00 } ] }", "policy.windows[0].from", "is 'noon', not a time of day", "23:00")]
    [InlineData("policy: { windows: [ { name: n, from: 22:00, to: 23:00, days: [ §mon ] } ] }", "policy.windows[0].days[0]", "is 'mon', not one of sunday", "Write one of these.")]
    [InlineData("services:\n  a: { container: §\"-rf\" }", "services.a.container", "cannot be used: '-rf' is not a container name", "Give a container")]
    [InlineData("services:\n  a: { check: { http: §/health } }", "services.a.check.http", "is '/health', not an absolute address", "Write an absolute address")]
    [InlineData("services:\n  a: { check: { http: §gitea.example/health } }", "services.a.check.http", "not an absolute address", "Begin it with http://")]
    [InlineData("services:\n  a: { check: { dns: { server: 1.1.1.1, name: a.example, type: §AAA } } }", "services.a.check.dns.type", "is 'AAA', not one of A, AAAA", "Did you mean 'AAAA'?")]
    [InlineData("providers:\n  §kumma: { url: \"http://k\" }", "providers.kumma", "is not known", "Did you mean 'kuma'?")]
    [InlineData("providers:\n  kuma: { url: \"http://k\", tls: { sha256: §\"12:34\" } }", "providers.kuma.tls.sha256", "does not have the form", "SHA-256 fingerprint")]
    [InlineData("providers:\n  §kuma:", "providers.kuma.url", "is missing", "Its address")]
    [InlineData("providers:\n  kuma: { §url: }", "providers.kuma.url", "is empty", "Its address")]
    [InlineData("providers:\n  proxmox: { url: \"http://p\", factor: §3 }", "providers.proxmox.factor", "is 3, not from 0.5 to 2", "A factor")]
    [InlineData("providers:\n  proxmox: { url: \"http://p\", factor: §.inf }", "providers.proxmox.factor", "not a number", "Write a number")]
    [InlineData("providers:\n  proxmox: { url: \"http://p\", since: §yesterday }", "providers.proxmox.since", "not a time such as", "Write a time")]
    [InlineData("providers:\n  proxmox: { url: \"http://p\", id: §x }", "providers.proxmox.id", "cannot be used", "Give a guid")]
    [InlineData("server: §*gone", "server", "is an alias of 'gone', and no such anchor comes before it", "There are none here.")]
    [InlineData("services:\n  a: §!!binary abc", "services.a", "has a tag", "quotes")]
    [InlineData("services:\n  §[ x ]: {}", "services", "has a key that is no text", "name as the key")]
    [InlineData("services:\n  §\"\": {}", "services", "has an empty key", "name as the key")]
    public void A_mistake_is_told_with_its_place_its_reason_and_the_way_out(string sections, string path, string reason, string wayOut)
    {
        var (text, line, column) = LabFolder.Unmark(LabFolder.Head + sections);
        using var folder = new LabFolder();
        var problem = folder.Write("lab.yaml", text).Problems()[0];
        Assert.Equal(path, problem.Path);
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.Contains(wayOut, problem.WayOut, StringComparison.Ordinal);
        Assert.Equal((Path.Join(folder.Root, "lab.yaml"), line, column), (problem.Position.File, problem.Position.Line, problem.Position.Column));
    }

    [Theory]
    [InlineData("", "", "(file)", "is empty")]
    [InlineData("# only a comment\n", "", "(file)", "is empty")]
    [InlineData("- a\n- b\n", "", "(file)", "is a list, not a mapping")]
    [InlineData("kind: Lab\nmetadata: { name: x }\n", "", "apiVersion", "is missing")]
    [InlineData("apiVersion: homelab/v1\nmetadata: { name: x }\n", "", "kind", "is missing")]
    [InlineData("apiVersion: homelab/v1\nkind: Lab\n", "", "metadata", "is missing")]
    [InlineData("apiVersion: homelab/v1\nkind: Lab\nmetadata: { name: '' }\n", "", "metadata.name", "does not have the form")]
    [InlineData("apiVersion: homelab/v2\nkind: Lab\nwhatever: 1\n", "", "apiVersion", "is 'homelab/v2', not homelab/v1")]
    [InlineData("apiVersion: homelab/v1\nkind: Runbook\nspec: {}\n", "", "kind", "is 'Runbook', not Lab")]
    [InlineData(LabFolder.Head, "---\nservices: {}\n", "(file)", "holds a second document")]
    public void A_file_that_is_no_lab_is_told_in_one_problem(string text, string more, string path, string reason)
    {
        using var folder = new LabFolder();
        var problem = Assert.Single(folder.Write("lab.yaml", text + more).Problems());
        Assert.Equal(path, problem.Path);
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_told_at_once_in_the_order_of_the_file()
    {
        var problems = LabFolder.ProblemsOf("""
            hosts:
              dev: { adress: x, docker: shh }
            services:
              gitea: { container: gitea@dve, tier: high, dependsOn: [ dsn ] }
              dns: { check: { expect: [ up ] } }
            server: { listen: here, bodyLimit: 1 }
            unknown: 1
            """);
        Assert.Equal(
            ["hosts.dev.adress", "hosts.dev.docker", "services.gitea.container", "services.gitea.tier", "services.gitea.dependsOn[0]", "services.dns.check", "services.dns.check.expect[0]", "server.listen", "server.bodyLimit", "unknown"],
            problems.Select(static p => p.Path),
            StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("notify: { telegram: { token: §" + Secret + ", chat: \"env:C\" } }", "notify.telegram.token")]
    [InlineData("notify: { telegram: { token: §\"12345:" + Secret + "\", chat: \"env:C\" } }", "notify.telegram.token")]
    [InlineData("notify: { telegram: { token: §{ value: " + Secret + " }, chat: \"env:C\" } }", "notify.telegram.token")]
    [InlineData("notify: { telegram: { token: §\"env:" + Secret + "\", chat: \"env:C\" } }", "notify.telegram.token")]
    [InlineData("providers: { kuma: { url: \"http://k\", apiKey: §" + Secret + " } }", "providers.kuma.apiKey")]
    public void A_pasted_secret_is_refused_without_being_repeated(string sections, string path)
    {
        var (text, line, column) = LabFolder.Unmark(LabFolder.Head + sections);
        using var folder = new LabFolder();
        var error = Assert.Throws<ConfigurationException>(() => folder.Write("lab.yaml", text).Read());
        var problem = Assert.Single(error.Problems);
        Assert.Equal((path, line, column), (problem.Path, problem.Position.Line, problem.Position.Column));
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        Assert.All(["env:", "file:", "vault:"], scheme => Assert.Contains(scheme, problem.WayOut, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("services:\n  a: { check: { http: \"http://me:hunter2@host/\" } }")]
    [InlineData("services:\n  a: { check: { http: \"//me:hunter2@host/\" } }")]
    [InlineData("hosts:\n  a: { address: a, docker: \"tcp://me:hunter2@host:2375\" }")]
    public void A_password_in_an_address_is_refused_without_being_repeated(string sections)
    {
        var error = Assert.Throws<ConfigurationException>(() => LabFolder.Parse(sections));
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_problem_reads_as_place_path_reason_and_way_out()
    {
        var problem = Assert.Single(LabFolder.ProblemsOf("services:\n  gitea: { tire: critical }"));
        Assert.EndsWith("lab.yaml:5:12: services.gitea.tire is not a key here. Did you mean 'tier'?", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_does_not_exist_is_a_problem_of_that_file()
    {
        using var folder = new LabFolder();
        Assert.Equal("does not exist", Assert.Single(folder.Problems("none.yaml")).Reason);
        Assert.Equal("is a folder, not a file", Assert.Single(folder.Problems("")).Reason);
    }
}
