using Homelab.Composition.Access;

namespace Homelab.UnitTests.Composition.Access;

/// <summary>What doors remember, and for how long.</summary>
public sealed class CredentialCacheTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_another_process_takes_back_is_known_within_two_seconds_and_what_this_one_does_at_once()
    {
        await using var stage = await AccessStage.OpenAsync();
        var (cache, store) = (stage.Runtime.Access.Credentials, stage.Runtime.Store.Credentials);
        foreach (var name in (string[])["one", "two"]) await stage.DoneAsync<AccessKey>("access_create_key", new CreateApiKey.Input { Name = name });
        var (one, two) = (await SecretAsync(stage, "one"), await SecretAsync(stage, "two"));
        Assert.Null((await cache.FindKeyAsync(one, Cancellation))!.RevokedAt);
        Assert.Null((await cache.FindKeyAsync(two, Cancellation))!.RevokedAt);
        Assert.Null(await cache.FindKeyAsync(one + "x", Cancellation));

        await store.RevokeKeyAsync("one", stage.Time.GetUtcNow(), Cancellation);
        Assert.Null((await cache.FindKeyAsync(one, Cancellation))!.RevokedAt);
        stage.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.NotNull((await cache.FindKeyAsync(one, Cancellation))!.RevokedAt);

        Assert.Null((await cache.FindKeyAsync(two, Cancellation))!.RevokedAt);
        await stage.DoneAsync<AccessKey>("access_revoke_key", new RevokeApiKey.Input { Name = "two" });
        Assert.NotNull((await cache.FindKeyAsync(two, Cancellation))!.RevokedAt);
    }

    [Fact]
    public async Task That_a_key_is_in_use_is_written_down_once_a_minute()
    {
        await using var stage = await AccessStage.OpenAsync();
        await stage.DoneAsync<AccessKey>("access_create_key", new CreateApiKey.Input { Name = "one" });
        var key = (await stage.Runtime.Access.Credentials.FindKeyAsync(await SecretAsync(stage, "one"), Cancellation))!;
        var first = stage.Time.GetUtcNow();
        await stage.Runtime.Access.Credentials.NoteUseAsync(key, Cancellation);
        stage.Time.Advance(TimeSpan.FromSeconds(59));
        await stage.Runtime.Access.Credentials.NoteUseAsync(key, Cancellation);
        Assert.Equal(first, (await stage.Runtime.Store.Credentials.FindKeyAsync(key.Hash, Cancellation))!.UsedAt);
        stage.Time.Advance(TimeSpan.FromSeconds(1));
        await stage.Runtime.Access.Credentials.NoteUseAsync(key, Cancellation);
        Assert.Equal(first.AddMinutes(1), (await stage.Runtime.Store.Credentials.FindKeyAsync(key.Hash, Cancellation))!.UsedAt);
    }

    private static async Task<string> SecretAsync(AccessStage stage, string name) => (await File.ReadAllTextAsync(stage.In($"keys/{name}.key"), Cancellation)).Trim();
}
