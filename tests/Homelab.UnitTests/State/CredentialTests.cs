namespace Homelab.UnitTests.State;

public abstract class CredentialTests(StateBed state) : StoreTests(state)
{
    private static ApiKey Key(string name = "claude", string hash = "h1") => new()
    {
        Name = name, Hash = hash, Level = Level.Operate, Scope = OperationScope.Of(["docker_*", "heal_run"]), PerMinute = 60, CreatedAt = Make.Noon, CreatedBy = "interactive:anna", ExpiresAt = Make.Noon.AddDays(30),
    };

    private static AccessGrant Grant(string hash, GrantKind kind = GrantKind.Access, string family = "f") => new()
    {
        Hash = hash, Kind = kind, Family = family, Client = "claude", Level = Level.Monitor, Scope = OperationScope.Of(["docker_*"]), Resource = "https://hl.test/mcp",
        IssuedAt = Make.Noon, ExpiresAt = Make.Noon.AddHours(1), Redirect = "https://claude.test/back", Challenge = "c",
    };

    [Fact]
    public async Task A_key_is_found_by_its_hash_as_it_was_written()
    {
        Assert.True(await Store.AddKeyAsync(Key(), Cancellation));
        Assert.Equal(Key(), await Store.FindKeyAsync("h1", Cancellation));
        Assert.Null(await Store.FindKeyAsync("h2", Cancellation));
        await Store.TouchKeyAsync("h1", Make.Noon.AddMinutes(5), Cancellation);
        await Store.TouchKeyAsync("h1", Make.Noon.AddMinutes(1), Cancellation);
        Assert.Equal(Make.Noon.AddMinutes(5), (await Store.FindKeyAsync("h1", Cancellation))!.UsedAt);
    }

    [Fact]
    public async Task Two_keys_of_one_name_hold_never_at_once()
    {
        Assert.True(await Store.AddKeyAsync(Key(), Cancellation));
        Assert.False(await Store.AddKeyAsync(Key(hash: "h2"), Cancellation));
        Assert.True(await Store.AddKeyAsync(Key("other", "h3"), Cancellation));
        Assert.True(await Store.RevokeKeyAsync("claude", Make.Noon.AddMinutes(1), Cancellation));
        Assert.False(await Store.RevokeKeyAsync("claude", Make.Noon.AddMinutes(2), Cancellation));
        Assert.True(await Store.AddKeyAsync(Key(hash: "h2") with { CreatedAt = Make.Noon.AddMinutes(3) }, Cancellation));
        // One that is over makes room, and is remembered as what it was.
        Assert.True(await Store.AddKeyAsync(Key(hash: "h4") with { CreatedAt = Make.Noon.AddDays(40), ExpiresAt = null }, Cancellation));
        Assert.Equal(["h4", "h2", "h1", "h3"], (await Store.ListKeysAsync(Cancellation)).Select(k => k.Hash));
        Assert.Equal(Make.Noon.AddDays(30), (await Store.FindKeyAsync("h2", Cancellation))!.RevokedAt);
    }

    [Fact]
    public async Task A_code_is_exchanged_once_and_shown_again_takes_all_back_that_came_of_it()
    {
        await Store.AddGrantsAsync([Grant("code", GrantKind.Code)], Cancellation);
        Assert.Equal(Grant("code", GrantKind.Code), await Store.FindGrantAsync("code", Cancellation));
        Assert.True(await Store.ExchangeAsync("code", [Grant("access"), Grant("refresh", GrantKind.Refresh)], Make.Noon, Cancellation));
        Assert.Equal(["access", "refresh"], (await Store.ListGrantsAsync(Make.Noon, Cancellation)).Select(g => g.Hash));
        Assert.False(await Store.ExchangeAsync("code", [Grant("stolen")], Make.Noon.AddSeconds(1), Cancellation));
        Assert.Null(await Store.FindGrantAsync("stolen", Cancellation));
        Assert.Empty(await Store.ListGrantsAsync(Make.Noon, Cancellation));
        Assert.NotNull((await Store.FindGrantAsync("access", Cancellation))!.RevokedAt);
    }

    [Fact]
    public async Task Of_many_that_exchange_the_same_at_once_one_succeeds()
    {
        await Store.AddGrantsAsync([Grant("code", GrantKind.Code)], Cancellation);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Store.ExchangeAsync("code", [Grant($"a{i}")], Make.Noon, Cancellation)));
        Assert.Single(outcomes, static o => o);
    }

    [Fact]
    public async Task What_is_over_is_exchanged_for_nothing()
    {
        await Store.AddGrantsAsync([Grant("code", GrantKind.Code)], Cancellation);
        Assert.False(await Store.ExchangeAsync("code", [Grant("late")], Make.Noon.AddHours(1), Cancellation));
        Assert.False(await Store.ExchangeAsync("none", [Grant("late")], Make.Noon, Cancellation));
        Assert.Null((await Store.FindGrantAsync("code", Cancellation))!.RevokedAt);
    }

    [Fact]
    public async Task What_a_client_was_given_is_taken_back_together_and_swept_when_it_is_over()
    {
        await Store.AddGrantsAsync([Grant("a"), Grant("b", family: "g"), Grant("c") with { Client = "other", ExpiresAt = Make.Noon.AddDays(1) }], Cancellation);
        Assert.Equal(2, await Store.RevokeClientAsync("claude", Make.Noon, Cancellation));
        Assert.Equal(0, await Store.RevokeClientAsync("claude", Make.Noon, Cancellation));
        Assert.Equal(["c"], (await Store.ListGrantsAsync(Make.Noon, Cancellation)).Select(g => g.Hash));
        await Store.SweepGrantsAsync(Make.Noon.AddHours(2), Cancellation);
        // Of a family that lives, nothing is forgotten.
        Assert.NotNull(await Store.FindGrantAsync("a", Cancellation));
        Assert.Null(await Store.FindGrantAsync("b", Cancellation));
        await Store.RevokeFamilyAsync("f", Make.Noon, Cancellation);
        Assert.Empty(await Store.ListGrantsAsync(Make.Noon, Cancellation));
    }

    [Fact]
    public async Task A_client_that_registered_itself_goes_with_all_that_it_was_given()
    {
        var client = new ClientRegistration { Id = "hlx_1", Name = "Inspector", Redirects = ["http://127.0.0.1/a", "https://b.test"], SecretHash = "s", CreatedAt = Make.Noon };
        await Store.AddClientAsync(client, Cancellation);
        await Store.AddGrantsAsync([Grant("a") with { Client = "hlx_1" }], Cancellation);
        Assert.Equivalent(client, await Store.FindClientAsync("hlx_1", Cancellation));
        Assert.Equal("hlx_1", Assert.Single(await Store.ListClientsAsync(Cancellation)).Id);
        Assert.True(await Store.RemoveClientAsync("hlx_1", Make.Noon, Cancellation));
        Assert.False(await Store.RemoveClientAsync("hlx_1", Make.Noon, Cancellation));
        Assert.Null(await Store.FindClientAsync("hlx_1", Cancellation));
        Assert.Empty(await Store.ListGrantsAsync(Make.Noon, Cancellation));
    }
}

public sealed class SqliteCredentialTests() : CredentialTests(new StateFile());

public sealed class PostgresCredentialTests() : CredentialTests(new StateServer());
