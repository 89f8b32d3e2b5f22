using Homelab.Host.Web;

namespace Homelab.SystemTests.Web.Access;

/// <summary>What is wrong with the doors is said before they are opened.</summary>
public sealed class DoorTokensTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_that_can_come_in_are_fine()
    {
        await using var bench = await AccessBench.OpenAsync();
        Assert.Empty(await DoorTokens.CheckAsync(bench.Runtime, Cancellation));
    }

    [Theory]
    [InlineData("x: { secret: \"file:missing\" }", "mcp.clients.x.secret cannot be opened.")]
    [InlineData("x: { level: operate }", "mcp.clients.x can never come in. Give it a secret")]
    [InlineData("\"a:b\": { secret: \"file:robot.secret\" }", "mcp.clients.a:b is no id of a client.")]
    [InlineData("hlx_a: { secret: \"file:robot.secret\" }", "mcp.clients.hlx_a is no id of a client.")]
    [InlineData("x: { redirects: [ \"http://a.test/\" ] }", "mcp.clients.x.redirects 'http://a.test/' is http:")]
    [InlineData("x: { redirects: [ \"javascript:alert(1)\" ] }", "mcp.clients.x.redirects 'javascript:alert(1)' is javascript:")]
    [InlineData("x: { secret: \"file:robot.secret\", operations: [ \"Docker\" ] }", "mcp.clients.x.operations holds no name of an operation.")]
    public async Task A_client_that_could_not_come_in_is_named_with_its_place(string client, string says)
    {
        await using var bench = await AccessBench.OpenAsync(lab => lab[..lab.IndexOf("    robot:", StringComparison.Ordinal)] + "    " + client + "\n" + lab[lab.IndexOf("policy:", StringComparison.Ordinal)..]);
        var problem = Assert.Single(await DoorTokens.CheckAsync(bench.Runtime, Cancellation));
        Assert.Contains(says, problem.ToString(), StringComparison.Ordinal);
        Assert.True(problem.Position.Line > 5, problem.ToString());
    }
}
