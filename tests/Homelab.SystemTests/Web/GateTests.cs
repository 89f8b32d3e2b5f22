using System.CommandLine;
using System.Net;
using Homelab.Automation.Healing;
using Homelab.Host;
using Homelab.Lab.Kuma;
using Microsoft.AspNetCore.Routing;

namespace Homelab.SystemTests.Web;

/// <summary>Every way into the host, counted; and the gate behind them, which no alert gets round.</summary>
public sealed class GateTests
{
    // A new route is added here with a sentence on how it passes the gate, or why it needs not.
    private static readonly Dictionary<string, string> s_routes = new(StringComparer.Ordinal)
    {
        ["* /hook/{name}/{token?}"] = "Writes an alert down. What healing then does, it does through the gate, as webhook:{name}.",
        ["* /hooks/{name}/{token?}"] = "The same handler as /hook/{name}.",
        ["GET,HEAD /api/approvals"] = "Reads the store.",
        ["GET,HEAD /api/approvals/{id}"] = "Reads the store.",
        ["POST /api/approvals/{id}/approve"] = "Answers through the approval desk, as rest:{client}, which checks the approver; the gate uses the answer once.",
        ["POST /api/approvals/{id}/deny"] = "Answers through the approval desk.",
        ["GET,HEAD /api/cluster/status"] = "proxmox_status through the gate, as rest:{client}; when Proxmox cannot be reached, what was seen last, for whom the gate has let ask.",
        ["GET,HEAD /api/nodes"] = "proxmox_list_nodes in the same way.",
        ["GET,HEAD /api/storage"] = "proxmox_list_storage in the same way.",
        ["GET,HEAD /api/vms"] = "proxmox_list_vms in the same way.",
        ["GET,HEAD /api/vms/{vmid}/status"] = "proxmox_vm_status in the same way, else proxmox_list_vms.",
        ["POST /api/vms/{vmid}/start"] = "proxmox_start_vm through the gate, as rest:{client}.",
        ["POST /api/vms/{vmid}/stop"] = "proxmox_stop_vm through the gate, as rest:{client}.",
        ["POST /api/vms/{vmid}/shutdown"] = "proxmox_shutdown_vm through the gate, as rest:{client}.",
        ["POST /api/vms/{vmid}/reboot"] = "proxmox_reboot_vm through the gate, as rest:{client}.",
        ["GET /.well-known/oauth-authorization-server"] = "Says how tokens are got; no system is asked or changed.",
        ["GET /.well-known/oauth-authorization-server/mcp"] = "The same, where some clients look.",
        ["GET /.well-known/oauth-protected-resource"] = "Says whose tokens are taken; no system is asked or changed.",
        ["GET /.well-known/oauth-protected-resource/mcp"] = "The same, where most clients look.",
        ["GET /oauth/authorize"] = "Asks a person by mcp_allow_client through the gate, as mcp:{client}; answers nothing.",
        ["GET /oauth/consent"] = "Looks whether the person has answered, and then uses the answer through the gate, once.",
        ["POST /oauth/register"] = "Writes a client down that may nothing by that; only where the lab file lets it.",
        ["POST /oauth/revoke"] = "Takes back what a client itself was given.",
        ["POST /oauth/token"] = "Gives a client of the lab file, or one that a person let in, a token; every call with it goes through the gate.",
        ["POST /token"] = "The same handler as /oauth/token.",
        ["OPTIONS /"] = "Tells browsers which pages may ask; knows nothing else.",
        ["OPTIONS /mcp"] = "The same handler as OPTIONS /.",
        ["OPTIONS /.well-known/oauth-authorization-server"] = "Tells browsers which pages may read it; knows nothing else.",
        ["OPTIONS /.well-known/oauth-authorization-server/mcp"] = "The same.",
        ["OPTIONS /.well-known/oauth-protected-resource"] = "The same.",
        ["OPTIONS /.well-known/oauth-protected-resource/mcp"] = "The same.",
        ["OPTIONS /oauth/register"] = "The same.",
        ["OPTIONS /oauth/revoke"] = "The same.",
        ["OPTIONS /oauth/token"] = "The same.",
        ["OPTIONS /token"] = "The same.",
        ["POST /"] = "The same handler as /mcp.",
        ["POST,GET,DELETE /mcp"] = "Every call of a tool goes through the gate as mcp:{key}, with the level and scope of its credential.",
        ["GET,HEAD /health"] = "Reads the number of open incidents from the store; no system is asked or changed.",
        ["GET,HEAD /metrics"] = "Reads counters in memory; no system is asked or changed.",
    };

    // A new command is added here in the same way.
    private static readonly Dictionary<string, string> s_commands = new(StringComparer.Ordinal)
    {
        ["demo"] = "Plays on a simulated homelab; its acts go through that homelab's gate.",
        ["lab"] = "Is a simulated homelab and no part of the product: what its control does is what fate does to a real one.",
        ["serve"] = "Alerts in, healing through the gate.",
        ["mcp"] = "Every call of a tool goes through the gate as mcp:<name>; no tool and no argument answers a question.",
        ["health"] = "Asks a running serve for its health; opens neither lab nor state.",
        ["check"] = "Looks at services by one query through the gate, as interactive; changes nothing.",
        ["approvals list"] = "Reads the store.",
        ["tape"] = "Reads the store.",
        ["rehearse"] = "Plays on simulated homelabs; their acts go through their gates.",
        ["backtest"] = "Decides on paper: its systems have no wire, and no test lets one be called.",
        ["incidents list"] = "Reads the store.",
        ["incidents explain"] = "Reads the store.",
        ["approvals approve"] = "Answers through the approval desk, which checks the approver; the gate uses the answer once.",
        ["approvals deny"] = "Answers through the approval desk.",
        ["suspend"] = "One operation through the gate, as interactive.",
        ["resume"] = "One operation through the gate, as interactive.",
        ["audit list"] = "Reads the store.",
        ["audit verify"] = "Reads the store.",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_is_known_and_says_how_it_passes_the_gate()
    {
        await using var bench = await WebBench.OpenAsync(Cancellation);
        var routes = bench.Server.Endpoints.Cast<RouteEndpoint>()
            .Select(e => $"{string.Join(',', e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"])} {e.RoutePattern.RawText}");
        Assert.Equal(s_routes.Keys.Order(StringComparer.Ordinal), routes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_command_is_known_and_says_how_it_passes_the_gate()
    {
        Assert.Equal(s_commands.Keys.Order(StringComparer.Ordinal), Leaves(HomelabProgram.CreateRootCommand(), "").Order(StringComparer.Ordinal));

        static IEnumerable<string> Leaves(Command command, string path) =>
            command.Subcommands.Count == 0 ? [path.Trim()] : command.Subcommands.SelectMany(c => Leaves(c, $"{path} {c.Name}"));
    }

    [Theory]
    [InlineData("webhook: operate", "webhook: monitor", "spec.level is Operate, and alerts may only set off Monitor. Raise access.webhook in the lab file, or lower the runbook's level.")]
    [InlineData("policy:\n", "policy:\n  approvals: { \"*\": deny }\n", "spec.steps[1].do 'docker_restart_container' is denied by policy.approvals. Allow it there, or remove the step.")]
    public async Task A_policy_that_forbids_its_own_runbooks_does_not_start(string from, string to, string says)
    {
        await using var stage = await LabStage.OpenAsync(Cancellation, lab => LabStage.SecretsAsFiles(lab.Replace(from, to, StringComparison.Ordinal)));
        stage.WriteSecrets();
        var file = new Configuration.LabReader(Composition.ProviderList.Settings, static _ => null).Read(stage.LabFile);
        await using var runtime = await Composition.HomelabRuntime.OpenAsync(file, new Composition.RuntimeOptions(), Cancellation);
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => runtime.StartHealingAsync(Cancellation));
        var own = Path.Combine(stage.Folder, "runbooks", "container-crash-recovery.yaml");
        var problem = Assert.Single(refusal.Problems, p => p.Position.File == own && p.ToString().EndsWith(says, StringComparison.Ordinal));
        var line = File.ReadAllLines(problem.Position.File)[problem.Position.Line - 1];
        Assert.Contains(problem.Path.StartsWith("spec.level", StringComparison.Ordinal) ? "operate" : "docker_restart_container", line[(problem.Position.Column - 1)..], StringComparison.Ordinal);
    }

    [Theory]
    // Below the check of runbooks: the lab is put together and served without it.
    [InlineData(false, "webhook: operate", "webhook: monitor", "[access.level] webhook:uptime-alert has level Monitor, and docker_restart_container needs Operate")]
    [InlineData(false, "policy:\n", "policy:\n  approvals: { \"*\": deny }\n", "[policy.matrix] policy.approvals '*' forbids docker_check_container")]
    // What the check cannot know: a rule for one target, a level of one caller.
    [InlineData(true, "policy:\n", "policy:\n  targets: [ { target: redis@dev, require: deny } ]\n", "[policy.target] policy.targets 'redis@dev' asks for Deny on")]
    [InlineData(true, "webhook: operate", "webhook: operate, identities: { \"webhook:uptime-alert\": monitor }", "[access.level] webhook:uptime-alert has level Monitor, and docker_restart_container needs Operate")]
    [InlineData(true, "webhook: operate", "webhook: operate, identities: { \"webhook:uptime-alert\": none }", "[access.level] webhook:uptime-alert has level None, and docker_check_container needs Monitor")]
    public async Task What_the_policy_forbids_no_alert_brings_about_and_a_person_is_told_which_rule_it_was(bool isChecked, string from, string to, string rule)
    {
        await using var bench = await WebBench.OpenAsync(Cancellation, lab => lab.Replace(from, to, StringComparison.Ordinal), isChecked);
        bench.Stage.Homelab.ContainerOf("redis").Crash(137);
        bench.Stage.Homelab.Kuma.Hook = bench.Hook(KumaBodyForm.Json);
        await bench.Stage.Homelab.Kuma.CheckNowAsync("Redis", Cancellation);
        Assert.Equal((int)HttpStatusCode.Accepted, bench.Stage.Homelab.Kuma.Deliveries.Single().Status);
        var incident = Assert.Single(await bench.Runtime.Store.ListIncidentsAsync(10, Cancellation), i => i.Service == "redis");
        Assert.Equal(HealingEventKind.Escalated, await bench.Events.EndOfAsync(incident.Id, Cancellation));

        Assert.Empty(bench.Stage.Homelab.Changes);
        Assert.False(bench.Stage.Homelab.ContainerOf("redis").Running);
        var closed = await bench.Runtime.Store.FindIncidentAsync(incident.Id, Cancellation);
        Assert.Contains(rule, closed!.Summary, StringComparison.Ordinal);
        var audit = await bench.Runtime.Store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation);
        Assert.Contains(audit, l => l is { Kind: AuditKind.Denied, Trigger: "webhook", Identity: "uptime-alert" } && l.Target.Contains("redis", StringComparison.Ordinal));
        Assert.DoesNotContain(audit, l => l.Kind is AuditKind.Intent or AuditKind.Outcome);
        Assert.True((await AuditChain.VerifyAsync(audit.ToAsyncEnumerable(), Cancellation)).Intact);
        // Without a start nobody sends messages; they are written down all the same.
        var told = isChecked
            ? (await bench.Stage.Homelab.Telegram.NextAsync(Cancellation)).Text
            : Assert.Single(await bench.Runtime.Store.ListUnsentAsync(Cancellation), n => n.Incident == incident.Id).Text;
        Assert.Contains(rule, told, StringComparison.Ordinal);
    }
}
