namespace Homelab.UnitTests.Core;

public sealed class GatePlanTests
{
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dry_run_of_what_the_level_does_not_allow_leaves_no_line_in_the_audit()
    {
        await using var bench = await GateBench.OpenAsync(access: new AccessPolicy { Mcp = Level.Monitor });
        var planned = Assert.IsType<GateOutcome.Planned>(await bench.InvokeAsync("sample_stop_thing", caller: new Caller(Face.Mcp, "claude"), dryRun: true));
        Assert.Equal((Requirement.Deny, Rules.Level), (planned.Decision.Verdict, planned.Decision.Decisive.First().Rule));
        Assert.Empty(await bench.AuditAsync());
    }

    [Fact]
    public async Task A_plan_of_a_query_decides_without_asking_it()
    {
        await using var bench = await GateBench.OpenAsync();
        var planned = await bench.Gate.ExplainAsync(new GateRequest { Operation = "sample_read_thing", Input = new ThingInput { Name = "web" }, Caller = GateBench.Hook }, s_token);
        Assert.Equal(("Read thing web", Requirement.Auto), (planned.Intent.ToString(), planned.Decision.Verdict));
        Assert.Equal(0, bench.Read.Runs);
        Assert.Empty(await bench.AuditAsync());
    }
}
