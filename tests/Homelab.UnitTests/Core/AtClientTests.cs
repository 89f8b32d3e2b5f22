namespace Homelab.UnitTests.Core;

/// <summary>What counts of an answer that was given at an AI client.</summary>
public sealed class AtClientTests
{
    private static readonly Caller s_client = new(Face.Mcp, "claude");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task By_default_no_yes_counts_and_every_no_does()
    {
        await using var bench = await OpenAsync(ElicitationRule.Never);
        var asked = await AskAsync(bench, "sample_add_thing");
        await RefusedAsync(bench, asked, s_client, "ApproverNotAllowed");
        Assert.Equal("mcp-elicitation:claude", (await bench.Approvals.AnswerAtClientAsync(asked.Id, s_client, bench.Add.Descriptor, yes: false, Cancellation)).DeniedBy);
        await RefusedAsync(bench, asked, s_client, "ApprovalClosed");
    }

    [Fact]
    public async Task Where_the_policy_says_so_a_yes_counts_for_a_change_and_is_used_once()
    {
        await using var bench = await OpenAsync(ElicitationRule.Change);
        var asked = await AskAsync(bench, "sample_add_thing");
        await RefusedAsync(bench, asked, new Caller(Face.Mcp, "other"), "ApproverNotAllowed");
        await RefusedAsync(bench, asked, new Caller(Face.Interactive, "claude"), "ApproverNotAllowed");
        var answered = await bench.Approvals.AnswerAtClientAsync(asked.Id, s_client, bench.Add.Descriptor, yes: true, Cancellation);
        Assert.Equal((ApprovalStatus.Approved, "mcp-elicitation:claude"), (answered.Status, Assert.Single(answered.Confirmations).Approver));
        Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync("sample_add_thing", caller: s_client, approval: asked.Id));
        Assert.Contains(await bench.AuditAsync(), l => l is { Kind: AuditKind.Answered, Identity: "mcp-elicitation:claude" });
    }

    [Theory]
    // What interrupts, what destroys, and whatever needs two.
    [InlineData("sample_stop_thing", Requirement.Ask)]
    [InlineData("sample_delete_thing", Requirement.Ask)]
    [InlineData("sample_add_thing", Requirement.AskTwice)]
    public async Task For_more_than_the_policy_says_no_yes_counts(string operation, Requirement requirement)
    {
        await using var bench = await OpenAsync(ElicitationRule.Change, requirement);
        var asked = await AskAsync(bench, operation);
        await RefusedAsync(bench, asked, s_client, "ApproverNotAllowed");
        Assert.Empty((await bench.Approvals.GetAsync(asked.Id, Cancellation)).Confirmations);
        Assert.Contains(await bench.AuditAsync(), l => l is { Kind: AuditKind.Denied, Result: "answer not taken: a yes given at the client does not count for it" });
    }

    [Fact]
    public async Task Where_a_person_has_confirmed_once_the_second_is_none_of_the_clients()
    {
        await using var bench = await OpenAsync(ElicitationRule.Change, Requirement.AskTwice);
        var asked = await AskAsync(bench, "sample_add_thing");
        await bench.Approvals.ApproveAsync(asked.Id, "cli:anna", typedTarget: null, Cancellation);
        await RefusedAsync(bench, asked, s_client, "ApproverNotAllowed");
    }

    private static Task<GateBench> OpenAsync(ElicitationRule rule, Requirement requirement = Requirement.Ask) => GateBench.OpenAsync(new GatePolicy
    {
        Approval = new ApprovalPolicy { Elicitation = rule },
        Approvals = new Dictionary<string, Requirement> { ["sample_*"] = requirement },
    });

    private static async Task<Approval> AskAsync(GateBench bench, string operation) =>
        Assert.IsType<GateOutcome.Waiting>(await bench.InvokeAsync(operation, caller: s_client)).Approval;

    private static async Task RefusedAsync(GateBench bench, Approval asked, Caller caller, string id)
    {
        var operation = bench.Gate.Catalog.Find(asked.Operation).Descriptor;
        Assert.Equal(id, (await Assert.ThrowsAsync<HomelabException>(() => bench.Approvals.AnswerAtClientAsync(asked.Id, caller, operation, yes: true, Cancellation))).Id);
    }
}
