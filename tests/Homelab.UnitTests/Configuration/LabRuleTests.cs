namespace Homelab.UnitTests.Configuration;

public sealed class LabRuleTests
{
    [Theory]
    [InlineData("services:\n  gitea: { dependsOn: [ §dsn ] }\n  dns:", "services.gitea.dependsOn[0]", "is 'dsn', which is no service", "Did you mean 'dns'?")]
    [InlineData("services:\n  a: { dependsOn: [ b ] }\n  b: { dependsOn: [ c ] }\n  c: { dependsOn: [ x, §a ] }\n  x:", "services.c.dependsOn[1]", "closes a circle: c → a → b → c", "remove one")]
    [InlineData("services:\n  a: { dependsOn: [ §a ] }", "services.a.dependsOn[0]", "closes a circle: a → a", "remove one")]
    [InlineData("hosts:\n  dev: { docker: \"unix:///d.sock\" }\nservices:\n  a: { container: §a@deb }", "services.a.container", "is on 'deb', which is no host", "Did you mean 'dev'?")]
    [InlineData("hosts:\n  dev: { on: §pev }\n  pve: { address: p }", "hosts.dev.on", "is 'pev', which is no host", "Did you mean 'pve'?")]
    [InlineData("hosts:\n  dev: { on: §dev }", "hosts.dev.on", "closes a circle: dev → dev", "cannot run on itself")]
    [InlineData("hosts:\n  a: { on: b }\n  b: { on: c }\n  c: { on: §a }", "hosts.c.on", "closes a circle: c → a → b → c", "cannot run on itself")]
    [InlineData("hosts:\n  dev: { address: d, docker: §ssh }", "hosts.dev.docker", "is ssh, but the host has no ssh login", "hosts.dev.ssh")]
    [InlineData("hosts:\n  dev: §{ ssh: { user: u } }", "hosts.dev", "has ssh but no address", "hosts.dev.address")]
    [InlineData("hosts:\n  dev: { address: §\"http://d\" }", "hosts.dev.address", "not a host name or IP address", "without scheme")]
    [InlineData("hosts:\n  dev: { docker: §\"tcp://d\" }", "hosts.dev.docker", "has no port", "2375")]
    [InlineData("hosts:\n  dev: { docker: §\"npipe://docker_engine\" }", "hosts.dev.docker", "names no pipe", "npipe:////./pipe/docker_engine")]
    [InlineData("hosts:\n  dev: { docker: §\"unix://d.sock\" }", "hosts.dev.docker", "has no absolute path", "unix:///")]
    [InlineData("hosts:\n  dev: { docker: §shs }", "hosts.dev.docker", "not where a Docker Engine can listen", "Did you mean 'ssh'?")]
    [InlineData("hosts:\n  \"a b\": §{ address: a }", "hosts.a b", "cannot be the name of a host", "letters")]
    [InlineData("services:\n  \"a/b\": §{ hint: x }", "services.a/b", "cannot be the name of a service", "monitor")]
    [InlineData("services:\n  a: { monitor: Web }\n  web: §{ hint: x }", "services.web", "has the monitor 'web', and so has the service 'a' at", "its own")]
    [InlineData("services:\n  a: { check: §{ timeout: 5s } }", "services.a.check", "checks nothing", "http, tcp, dns or tls")]
    [InlineData("services:\n  a: { check: §{ http: } }", "services.a.check", "checks nothing", "http, tcp, dns or tls")]
    [InlineData("services:\n  a: { check: { http: §\"ftp://a/\" } }", "services.a.check.http", "has the scheme 'ftp'", "https://")]
    [InlineData("services:\n  a: { check: { tcp: \"a:1\", contains: §x } }", "services.a.check.contains", "has no page", "check.http")]
    [InlineData("services:\n  a: { check: { http: \"http://a/\", expect: §[] } }", "services.a.check.expect", "is empty", "200-299")]
    [InlineData("services:\n  a: { check: { http: \"http://a/\", expect: [ 200, §299-200 ] } }", "services.a.check.expect[1]", "is '299-200', not a status code or range", "200-299")]
    [InlineData("services:\n  a: { check: { http: \"http://a/\", expect: [ §99 ] } }", "services.a.check.expect[0]", "not a status code", "200")]
    [InlineData("services:\n  a: { check: { http: \"http://a/\", expect: [ §600 ] } }", "services.a.check.expect[0]", "not a status code", "200")]
    [InlineData("services:\n  a: { check: { tcp: §a } }", "services.a.check.tcp", "not host and port", "host:port")]
    [InlineData("services:\n  a: { check: { tcp: §\"::1:80\" } }", "services.a.check.tcp", "not host and port", "[::1]:8080")]
    [InlineData("services:\n  a: { check: { tls: §\"a:70000\" } }", "services.a.check.tls", "not host and port", "host:port")]
    [InlineData("services:\n  a: { check: { dns: { server: §\"a b\", name: x.example } } }", "services.a.check.dns.server", "not a name server", "10.0.0.53")]
    [InlineData("services:\n  a: { check: { dns: { server: a, name: §\"x..y\" } } }", "services.a.check.dns.name", "not a name to ask for", "domain name")]
    [InlineData("mcp: { url: §homelab.example.net }", "mcp.url", "is not the address of a server", "https://homelab.example.net")]
    [InlineData("mcp: { url: §\"https://homelab.example.net/mcp\" }", "mcp.url", "without a path", "https://homelab.example.net")]
    [InlineData("mcp: { url: §\"ftp://homelab.example.net\" }", "mcp.url", "is not the address of a server", "https://")]
    [InlineData("mcp: { origins: [ \"https://a.example\", §\"*\" ] }", "mcp.origins[1]", "is '*', which is not an origin", "no patterns")]
    [InlineData("mcp: { origins: [ §\"https://*.example.net/\" ] }", "mcp.origins[0]", "is not an origin", "no patterns")]
    [InlineData("mcp: { hosts: [ a.example, \"b.example:8443\", §\"https://c.example\" ] }", "mcp.hosts[2]", "is not a host name", "without https://")]
    [InlineData("policy: { windows: [ { name: n, from: 22:00, to: 06:00, timeZone: §Europe/Berln } ] }", "policy.windows[0].timeZone", "is no time zone known here", "Did you mean 'Europe/Berlin'?")]
    [InlineData("policy: { windows: [ { name: n, from: 22:00, to: 06:00, timeZone: §../../etc/passwd } ] }", "policy.windows[0].timeZone", "is no time zone known here", "IANA")]
    [InlineData("policy: { commands: [ { run: §[], on: [ dev ] } ] }", "policy.commands[0].run", "names no program", "each a word")]
    [InlineData("policy: { commands: [ { run: §[ df, { number: \"9..1\" } ], on: [ dev ] } ] }", "policy.commands[0].run", "run[1] has the number '9..1'", "number: 1..100")]
    [InlineData("policy: { commands: [ { run: §[ { rest: true } ], on: [ dev ] } ] }", "policy.commands[0].run", "run[0] is the program", "Write each word")]
    [InlineData("policy: { commands: [ { name: a, run: [ df ], on: [ dev ] }, { name: §a, run: [ df ], on: [ dev ] } ] }", "policy.commands[1].name", "and so is another rule", "its own name")]
    [InlineData("policy: { ssh: { networks: [ §100.64.0.1/10 ] } }", "policy.ssh.networks[0]", "is no network", "100.64.0.0/10")]
    [InlineData("hosts:\n  a: { address: x, ssh: { user: u, jump: §b } }", "hosts.a.ssh.jump", "is no host of this lab", "")]
    [InlineData("hosts:\n  a: { address: x, ssh: { user: u, jump: §b } }\n  b: { address: y }", "hosts.a.ssh.jump", "has no ssh login", "hosts.b.ssh")]
    [InlineData("hosts:\n  a: { address: x, ssh: { user: u, jump: §a } }", "hosts.a.ssh.jump", "back to itself", "directly")]
    [InlineData("policy: { commands: [ { run: [ df ], on: §[] } ] }", "policy.commands[0].on", "allows nothing", "Write where")]
    [InlineData("policy: { windows: [ { name: n, from: 22:00, to: §22:00 } ] }", "policy.windows[0].to", "never holds", "whole day")]
    [InlineData("policy: { windows: [ { name: n, from: 22:00, to: 23:00, require: §auto } ] }", "policy.windows[0].require", "can only be stricter", "ask, askTwice or deny")]
    [InlineData("policy: { windows: [ { name: n, from: 1:00, to: 2:00 }, { name: §n, from: 3:00, to: 4:00 } ] }", "policy.windows[1].name", "and so is another window", "its own name")]
    [InlineData("policy: { targets: [ { target: gitea, require: §auto } ] }", "policy.targets[0].require", "can only be stricter", "ask, askTwice or deny")]
    [InlineData("policy: { targets: [ { target: §\" \", require: ask } ] }", "policy.targets[0].target", "is empty", "kind:name@host")]
    [InlineData("policy: { approvals: { \"docker stop\": §ask } }", "policy.approvals.docker stop", "cannot be the name of an operation", "docker_*")]
    [InlineData("access: { identities: { claude: §operate } }", "access.identities.claude", "is not of the form face:identity", "mcp:claude")]
    [InlineData("access: { identities: { \"mpc:claude\": §operate } }", "access.identities.mpc:claude", "begins with 'mpc', which is no face", "mcp")]
    [InlineData("rest: { \"a b\": §{ token: \"env:T\" } }", "rest.a b", "cannot be the name of a client", "letters")]
    [InlineData("rest: { one: { token: \"env:T\" }, two: { token: §\"env:T\" } }", "rest.two.token", "is env:T, which is also that of rest.one", "a token of its own")]
    [InlineData("hooks: { \"a/b\": §{ token: \"env:T\" } }", "hooks.a/b", "cannot be part of a path", "letters")]
    [InlineData("notify: { telegram: { token: \"env:T\", chat: \"env:C\", url: §\"ftp://t/\" } }", "notify.telegram.url", "has the scheme 'ftp'", "https://")]
    [InlineData("server: { listen: §\":8080\" }", "server.listen", "not an address to listen on", "host:port")]
    [InlineData("server: { runbooks: [ a, §\"\" ] }", "server.runbooks[1]", "is empty", "Write a value")]
    public void What_does_not_fit_together_is_told_with_its_place(string sections, string path, string reason, string wayOut)
    {
        var (text, line, column) = LabFolder.Unmark(LabFolder.Head + sections);
        using var folder = new LabFolder();
        var problem = Assert.Single(folder.Write("lab.yaml", text).Problems());
        Assert.Equal(path, problem.Path);
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.Contains(wayOut, problem.WayOut, StringComparison.Ordinal);
        Assert.Equal((line, column), (problem.Position.Line, problem.Position.Column));
    }

    [Theory]
    [InlineData("hosts:\n  dev: { address: d }\nservices:\n  a: { container: §a@dev }", "services.a.container", "where no Docker Engine is given")]
    [InlineData("policy: { protected: [ §gitea@dev ] }", "policy.protected[0]", "is no host of this lab")]
    [InlineData("policy: { commands: [ { run: [ df ], on: [ \"vm:dev@pve\", §web@dev ] } ] }", "policy.commands[0].on[1]", "is no host of this lab")]
    [InlineData("policy: { commands: [ { run: §[ sudo, { rest: true } ], on: [ \"host:*\" ] } ] }", "policy.commands[0].run", "everything is allowed there")]
    [InlineData("hosts:\n  dev: { docker: { url: \"unix:///d.sock\", tls: §{ ca: x } } }", "hosts.dev.docker.tls", "has no effect")]
    [InlineData("services:\n  a: { check: { tcp: \"a:1\", trust: §{ ca: x } } }", "services.a.check.trust", "has no effect")]
    public void What_is_probably_not_meant_is_a_warning_and_the_lab_is_read(string sections, string path, string reason)
    {
        var (text, line, column) = LabFolder.Unmark(LabFolder.Head + sections);
        using var folder = new LabFolder();
        var warning = Assert.Single(folder.Write("lab.yaml", text).Read().Warnings);
        Assert.Equal(path, warning.Path);
        Assert.Contains(reason, warning.Reason, StringComparison.Ordinal);
        Assert.Equal((line, column), (warning.Position.Line, warning.Position.Column));
    }

    [Theory]
    [InlineData("services:\n  a: { container: one }\n  b: { container: one }")]
    [InlineData("server: { listen: \"[::1]:8080\" }")]
    [InlineData("server: { listen: \"0.0.0.0:18789\" }")]
    [InlineData("services:\n  a: { check: { dns: { server: \"10.0.0.53:5353\", name: _x._tcp.lab.example, type: SRV } } }")]
    [InlineData("services:\n  a: { check: { dns: { server: \"::1\", name: lab.example. } } }")]
    [InlineData("policy: { windows: [ { name: n, from: 22:00, to: 06:00, timeZone: America/Argentina/Buenos_Aires } ] }")]
    [InlineData("access: { identities: { \"mcp:claude\": operate } }")]
    [InlineData("policy:\nhosts: ~\nservices: null\n")]
    public void What_fits_is_read(string sections) => Assert.Empty(LabFolder.Parse(sections).Warnings);

    [Fact]
    public void A_chain_of_thousands_of_dependencies_is_followed()
    {
        var sections = "services:\n" + string.Concat(Enumerable.Range(0, 8_000).Select(static i => $"  s{i}: {{ dependsOn: [ s{i + 1} ] }}\n")) + "  s8000: { dependsOn: [ s0 ] }\n";
        Assert.Contains("s8000 → s0 → s1", Assert.Single(LabFolder.ProblemsOf(sections)).Reason, StringComparison.Ordinal);
    }
}
