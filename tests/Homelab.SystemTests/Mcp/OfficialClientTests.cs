using System.Text.Json;
using Homelab.Host;
using Homelab.SystemTests.Web;
using Homelab.SystemTests.Web.Access;

namespace Homelab.SystemTests.Mcp;

/// <summary>The official TypeScript client uses tools: over standard input and output, and over HTTP with forms that a person at it would see.</summary>
public sealed class OfficialClientTests
{
    private const string Change = "docker_start_container";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_standard_input_and_output_it_sees_its_tools_and_uses_them()
    {
        await using var stage = await LabStage.OpenAsync(Cancellation);
        object[] calls = [Call("docker_check_container", "gitea@dev"), Call("docker_restart_container", "gitea@dev")];
        await using var client = await OfficialClient.StartAsync(new { calls }, ["stdio", "dotnet", typeof(HomelabProgram).Assembly.Location, "mcp", "--lab", stage.LabFile, "--name", "official"], stage.Environment);
        Assert.Equal(Web.Access.OfficialClientTests.Reviewed(Level.Monitor), await client.ToolsAsync());
        Assert.Equal("found", Status(await client.HearAsync()));
        var refused = (await client.HearAsync()).GetProperty("result");
        Assert.Equal((true, "LevelTooLow"), (refused.GetProperty("isError").GetBoolean(), refused.GetProperty("structuredContent").GetProperty("error").GetProperty("id").GetString()));
        Assert.Empty(stage.Homelab.Changes);
    }

    [Fact]
    public async Task Where_the_policy_lets_it_a_yes_at_the_client_counts()
    {
        await using var bench = await OpenAsync("change");
        bench.Stage.Homelab.ContainerOf("redis").Crash();
        await using var client = await ConnectAsync(bench, new { action = "accept", content = new { answer = "yes" } });
        Assert.NotEmpty(await client.ToolsAsync());
        var shown = (await client.HearAsync()).GetProperty("shown");
        Assert.StartsWith("Start container redis@dev? (", shown.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(["yes", "no"], Answers(shown));
        Assert.Equal("done", Status(await client.HearAsync()));
        Assert.Equal("mcp-elicitation:official", Assert.Single(Assert.Single(await bench.Runtime.Store.ListApprovalsAsync(ApprovalStatus.Used, Cancellation)).Confirmations).Approver);
        Assert.True(bench.Stage.Homelab.ContainerOf("redis").Running);
    }

    [Theory]
    [InlineData("change", "decline", "failed")]
    [InlineData("change", "cancel", "waiting")]
    // Where the policy takes none, a yes is not offered; given all the same, it is refused.
    [InlineData("never", "accept", "failed")]
    public async Task A_form_that_is_declined_or_closed_or_whose_yes_does_not_count_does_nothing(string rule, string action, string status)
    {
        await using var bench = await OpenAsync(rule);
        bench.Stage.Homelab.ContainerOf("redis").Crash();
        await using var client = await ConnectAsync(bench, new { action, content = new { answer = "yes" } });
        Assert.NotEmpty(await client.ToolsAsync());
        Assert.Equal(rule == "change" ? ["yes", "no"] : ["known", "no"], Answers((await client.HearAsync()).GetProperty("shown")));
        Assert.Equal(status, Status(await client.HearAsync()));
        Assert.Empty(await bench.Runtime.Store.ListApprovalsAsync(ApprovalStatus.Used, Cancellation));
        Assert.Empty(bench.Stage.Homelab.Changes);
    }

    [Fact]
    public async Task To_a_client_that_shows_no_forms_none_is_sent()
    {
        await using var bench = await OpenAsync("change");
        bench.Stage.Homelab.ContainerOf("redis").Crash();
        await using var client = await ConnectAsync(bench, elicit: null);
        Assert.NotEmpty(await client.ToolsAsync());
        Assert.Equal("waiting", Status(await client.HearAsync()));
        Assert.Empty(bench.Stage.Homelab.Changes);
    }

    private static object Call(string name, string container) => new { name, arguments = new { container } };

    private static Task<WebBench> OpenAsync(string rule) => WebBench.OpenAsync(
        Cancellation,
        lab => lab.Replace("mcp: monitor", "mcp: operate", StringComparison.Ordinal).Replace("approval: { ", $"approval: {{ elicitation: {rule}, ", StringComparison.Ordinal).Replace("policy:\n", $"policy:\n  approvals: {{ {Change}: ask }}\n", StringComparison.Ordinal),
        isChecked: false);

    private static async Task<OfficialClient> ConnectAsync(WebBench bench, object? elicit)
    {
        var text = CredentialSecret.New(ApiKey.Prefix);
        var key = new ApiKey { Name = "official", Level = Level.Operate, CreatedAt = bench.Runtime.Time.GetUtcNow(), CreatedBy = "interactive:tester", Hash = CredentialSecret.HashOf(text) };
        Assert.True(await bench.Runtime.Store.Credentials.AddKeyAsync(key, Cancellation));
        return await OfficialClient.StartAsync(new { elicit, calls = (object[])[Call(Change, "redis@dev")] }, ["bearer", new Uri(bench.Server.Url, "/mcp").AbsoluteUri, text]);
    }

    private static string? Status(JsonElement heard) => heard.GetProperty("result").GetProperty("structuredContent").GetProperty("status").GetString();

    private static string[] Answers(JsonElement shown) => [.. shown.GetProperty("requestedSchema").GetProperty("properties").GetProperty("answer").GetProperty("oneOf").EnumerateArray().Select(static o => o.GetProperty("const").GetString()!)];
}
