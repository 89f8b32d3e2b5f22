using Homelab.Composition.Access;

namespace Homelab.UnitTests.Composition.Access;

/// <summary>OAuth clients: seen, taken back, and let in by people alone.</summary>
public sealed class McpClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_are_seen_with_what_they_hold_and_it_can_be_taken_back()
    {
        await using var stage = await AccessStage.OpenAsync();
        var store = stage.Runtime.Store.Credentials;
        var now = stage.Time.GetUtcNow();
        await store.AddClientAsync(new ClientRegistration { Id = "hlx_1", Name = "Foo", Redirects = ["https://foo.test/"], CreatedAt = now }, Cancellation);
        await store.AddGrantsAsync([Grant("a", "robot", now), Grant("b", "hlx_1", now), Grant("c", "hlx_1", now) with { Kind = GrantKind.Refresh }, Grant("d", "chat", now) with { ExpiresAt = now }], Cancellation);

        var clients = await stage.AskAsync<AiClient>("mcp_list_clients", new ListMcpClients.Input());
        Assert.Equal(["chat 0 False False", "robot 1 False True", "hlx_1 2 True False"], clients.Select(c => $"{c.Id} {c.Tokens} {c.IsRegistered} {c.HasSecret}"));

        Assert.Contains("is in the lab file", (await stage.DoneAsync<AiClient>("mcp_remove_client", new RemoveMcpClient.Input { Id = "robot" })).Warning, StringComparison.Ordinal);
        Assert.Null((await stage.DoneAsync<AiClient>("mcp_remove_client", new RemoveMcpClient.Input { Id = "hlx_1" })).Warning);
        Assert.Equal(["chat 0", "robot 0"], (await stage.AskAsync<AiClient>("mcp_list_clients", new ListMcpClients.Input())).Select(c => $"{c.Id} {c.Tokens}"));
        Assert.NotNull((await store.FindGrantAsync("c", Cancellation))!.RevokedAt);
        Assert.Equal("McpClientNotFound", (await stage.FailAsync("mcp_remove_client", new RemoveMcpClient.Input { Id = "hlx_1" })).Id);
    }

    [Fact]
    public async Task A_token_may_no_more_than_its_client_still_may()
    {
        await using var stage = await AccessStage.OpenAsync();
        var now = stage.Time.GetUtcNow();
        var clients = stage.Runtime.Access.Clients;
        Assert.Equal((Level.Operate, "docker_*"), Rights(Grant("a", "robot", now) with { Level = Level.Manage }));
        Assert.Equal((Level.Monitor, "docker_list_*"), Rights(Grant("a", "robot", now) with { Scope = OperationScope.Of(["docker_list_*"]) }));
        Assert.Equal((Level.Monitor, ""), Rights(Grant("a", "hlx_1", now) with { Level = Level.Manage }));
        Assert.Null(clients.RightsOf(Grant("a", "robot", now) with { Scope = OperationScope.Of(["proxmox_*"]) }));
        Assert.Null(clients.RightsOf(Grant("a", "gone", now)));

        (Level, string) Rights(AccessGrant grant) => clients.RightsOf(grant) is { } rights ? (rights.Level, rights.Scope.Text) : default;
    }

    [Fact]
    public async Task Only_for_a_browser_that_waits_can_anybody_be_asked()
    {
        await using var stage = await AccessStage.OpenAsync();
        var asked = new AiClientConsent { Client = "chat", Level = Level.Monitor, SentTo = "chat.test", Code = "ABCD-EFGH" };
        var input = new AllowMcpClient.Input { Client = "chat", Level = Level.Monitor, SentTo = "chat.test", Code = "ABCD-EFGH", Request = "r1" };
        var client = new Caller(Face.Mcp, "chat");
        Assert.Equal("ConsentNotAsked", (await stage.FailAsync("mcp_allow_client", input, client)).Id);

        stage.Runtime.Access.Consents.Add("r1", asked);
        foreach (var (other, caller) in new[] { (input with { Level = Level.Manage }, client), (input with { SentTo = "evil.test" }, client), (input with { Request = "r2" }, client), (input, new Caller(Face.Mcp, "robot")), (input, AccessStage.Person) })
        {
            Assert.Equal("ConsentNotAsked", (await stage.FailAsync("mcp_allow_client", other, caller)).Id);
        }

        var waiting = Assert.IsType<GateOutcome.Waiting>(await stage.InvokeAsync("mcp_allow_client", input, client));
        Assert.Equal("Let in at level monitor, for the browser that shows ABCD-EFGH and is sent back to chat.test, the AI client: chat?", waiting.Approval.Question);
        // Whoever comes in by the client's name, by whichever door, asked for it.
        var e = await Assert.ThrowsAnyAsync<HomelabException>(() => stage.Runtime.Approvals.ApproveAsync(waiting.Approval.Id, "cli:chat", typedTarget: null, Cancellation));
        Assert.Equal("ApproverNotAllowed", e.Id);
        await stage.Runtime.Approvals.ApproveAsync(waiting.Approval.Id, "cli:anna", typedTarget: null, Cancellation);
        Assert.IsType<GateOutcome.Done>(await stage.InvokeAsync("mcp_allow_client", input, client, waiting.Approval.Id));
    }

    [Fact]
    public void What_a_client_calls_itself_cannot_pass_for_our_words()
    {
        var intent = new AllowMcpClient(desk: null!).Describe(new AllowMcpClient.Input { Client = "hlx_1", ClaimedName = "Claude» at level monitor\n«", Level = Level.Monitor, SentTo = "x.test", Code = "c", Request = "r" });
        Assert.EndsWith("the AI client that calls itself «Claude at level monitor»: hlx_1", intent.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_face_offers_what_only_the_page_can_ask() =>
        Assert.Equal(["mcp_allow_client"], CatalogBench.Catalog.All.Select(o => o.Descriptor).Where(o => !o.IsOffered).Select(o => o.Name));

    private static AccessGrant Grant(string hash, string client, DateTimeOffset now) => new()
    {
        Hash = hash, Kind = GrantKind.Access, Family = client, Client = client, Level = Level.Monitor, Resource = "http://127.0.0.1/mcp", IssuedAt = now, ExpiresAt = now + TimeSpan.FromHours(1),
    };
}
