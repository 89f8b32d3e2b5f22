using Homelab.Composition.Access;

namespace Homelab.UnitTests.Composition.Access;

/// <summary>Keys: made, seen and taken back.</summary>
public sealed class ApiKeyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_in_a_file_for_its_owner_alone_and_nowhere_else()
    {
        await using var stage = await AccessStage.OpenAsync();
        var made = await stage.DoneAsync<AccessKey>("access_create_key", new CreateApiKey.Input { Name = "claude", Level = Level.Monitor, Operation = ["docker_*", "kuma_list_monitors"], PerMinute = 60 });

        Assert.Equal(("keys/claude.key", KeyState.Valid, 60, "interactive:anna"), (made.Path, made.State, made.PerMinute, made.CreatedBy));
        Assert.Equal(stage.Time.GetUtcNow() + TimeSpan.FromDays(365), made.ExpiresAt);
        var secret = (await File.ReadAllTextAsync(stage.In("keys/claude.key"), Cancellation)).Trim();
        Assert.Matches("^hlk_[A-Za-z0-9_-]{43}$", secret);
        Assert.Equal("claude", (await stage.Runtime.Store.Credentials.FindKeyAsync(CredentialSecret.HashOf(secret), Cancellation))?.Name);
        Assert.Equal([stage.In("keys/claude.key")], Directory.EnumerateFileSystemEntries(stage.In("keys")));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(stage.In("keys/claude.key")));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(stage.In("keys")));
        }

        var kept = await ReadAsync(stage.Runtime.StatePath);
        var log = File.Exists(stage.Runtime.StatePath + "-wal") ? await ReadAsync(stage.Runtime.StatePath + "-wal") : [];
        Assert.All([kept, log], bytes => Assert.Equal(-1, bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(secret))));
        Assert.DoesNotContain(secret, System.Text.Json.JsonSerializer.Serialize(made, HomelabJson.Options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_AI_client_asks_a_person_before_it_gets_a_key()
    {
        await using var stage = await AccessStage.OpenAsync();
        var waiting = Assert.IsType<GateOutcome.Waiting>(await stage.InvokeAsync("access_create_key", new CreateApiKey.Input { Name = "claude", Operation = ["docker_*"], ExpiresIn = TimeSpan.Zero }, new Caller(Face.Mcp, "maker")));
        Assert.Equal("Make API key of level monitor for docker_*, without an end: claude?", waiting.Approval.Question);
        Assert.False(Directory.Exists(stage.In("keys")));
        Assert.Equal("LevelTooLow", (await stage.FailAsync("access_create_key", new CreateApiKey.Input { Name = "x" }, new Caller(Face.Mcp, "other"))).Id);
    }

    [Fact]
    public async Task Nobody_gives_more_than_he_has()
    {
        await using var stage = await AccessStage.OpenAsync();
        var narrow = AccessStage.Person with { Scope = OperationScope.Of(["access_*", "docker_*"]) };
        foreach (var operations in (string[][])[[], ["*"], ["docker_*", "proxmox_list_vms"]])
        {
            Assert.Equal("OperationNotGranted", (await stage.FailAsync("access_create_key", new CreateApiKey.Input { Name = "x", Operation = operations }, narrow)).Id);
        }

        Assert.False(Directory.Exists(stage.In("keys")));
        Assert.Equal(["docker_list_*"], (await stage.DoneAsync<AccessKey>("access_create_key", new CreateApiKey.Input { Name = "x", Operation = ["docker_list_*"] }, narrow)).Operations);
    }

    [Theory]
    [InlineData("dashboard", "KeyNameTaken")]
    [InlineData("robot", "KeyNameTaken")]
    [InlineData("anna", "KeyNameOfApprover")]
    public async Task A_name_stands_for_one(string name, string id)
    {
        await using var stage = await AccessStage.OpenAsync();
        var e = await stage.FailAsync("access_create_key", new CreateApiKey.Input { Name = name });
        Assert.Equal((id, true), (e.Id, e.NothingHappened));
    }

    [Theory]
    [InlineData("../out", "docker_*", "path")]
    [InlineData("/tmp/out", "docker_*", "path")]
    [InlineData("keys/", "docker_*", "path")]
    [InlineData("keys/x", "dokcer_*", "operation")]
    public async Task What_makes_no_sense_is_said_by_field(string path, string operation, string field)
    {
        await using var stage = await AccessStage.OpenAsync();
        var e = Assert.IsType<InputException>(await stage.FailAsync("access_create_key", new CreateApiKey.Input { Name = "x", Path = path, Operation = [operation] }));
        Assert.Equal(field, Assert.Single(e.Problems).Field);
        Assert.Equal("InputInvalid", (await stage.FailAsync("access_create_key", new CreateApiKey.Input { Name = "x", Level = Level.None })).Id);
    }

    [Fact]
    public async Task A_file_is_never_overwritten_but_for_a_key_that_opens_nothing_any_more()
    {
        await using var stage = await AccessStage.OpenAsync();
        var lab = await File.ReadAllTextAsync(stage.In("homelab.yaml"), Cancellation);
        Assert.Equal("KeyFileExists", (await stage.FailAsync("access_create_key", new CreateApiKey.Input { Name = "x", Path = "homelab.yaml" })).Id);
        Assert.Equal(lab, await File.ReadAllTextAsync(stage.In("homelab.yaml"), Cancellation));

        await stage.DoneAsync<AccessKey>("access_create_key", new CreateApiKey.Input { Name = "x" });
        var first = await File.ReadAllTextAsync(stage.In("keys/x.key"), Cancellation);
        Assert.Equal("KeyExists", (await stage.FailAsync("access_create_key", new CreateApiKey.Input { Name = "x" })).Id);
        Assert.Equal("KeyFileExists", (await stage.FailAsync("access_create_key", new CreateApiKey.Input { Name = "y", Path = "keys/x.key" })).Id);

        await stage.DoneAsync<AccessKey>("access_revoke_key", new RevokeApiKey.Input { Name = "x" });
        await stage.DoneAsync<AccessKey>("access_create_key", new CreateApiKey.Input { Name = "x" });
        Assert.NotEqual(first, await File.ReadAllTextAsync(stage.In("keys/x.key"), Cancellation));
    }

    [Fact]
    public async Task A_key_that_may_more_than_the_lab_file_says_so()
    {
        await using var stage = await AccessStage.OpenAsync();
        Assert.Null((await stage.DoneAsync<AccessKey>("access_create_key", new CreateApiKey.Input { Name = "looks" })).Warning);
        var warning = (await stage.DoneAsync<AccessKey>("access_create_key", new CreateApiKey.Input { Name = "acts", Level = Level.Operate })).Warning;
        Assert.Contains("access lets mcp:acts go no further than monitor", warning, StringComparison.Ordinal);
        Assert.Contains("identities: { \"mcp:acts\": operate }", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_seen_with_its_state_and_taken_back_once()
    {
        await using var stage = await AccessStage.OpenAsync();
        await stage.DoneAsync<AccessKey>("access_create_key", new CreateApiKey.Input { Name = "short", ExpiresIn = TimeSpan.FromHours(1) });
        await stage.DoneAsync<AccessKey>("access_create_key", new CreateApiKey.Input { Name = "endless", ExpiresIn = TimeSpan.Zero });
        stage.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(KeyState.Revoked, (await stage.DoneAsync<AccessKey>("access_revoke_key", new RevokeApiKey.Input { Name = "endless" })).State);
        Assert.Equal(KeyState.Revoked, (await stage.DoneAsync<AccessKey>("access_revoke_key", new RevokeApiKey.Input { Name = "endless" })).State);
        Assert.Equal(KeyState.Expired, (await stage.DoneAsync<AccessKey>("access_revoke_key", new RevokeApiKey.Input { Name = "short" })).State);
        Assert.Equal(["endless Revoked", "short Expired"], (await stage.AskAsync<AccessKey>("access_list_keys", new ListApiKeys.Input())).Select(k => $"{k.Name} {k.State}").Order(StringComparer.Ordinal));
        Assert.Single(await stage.AskAsync<AccessKey>("access_list_keys", new ListApiKeys.Input { Name = "sh*" }));
        Assert.Empty(await stage.AskAsync<AccessKey>("access_list_keys", new ListApiKeys.Input { Name = "no*" }));
        var e = await Assert.ThrowsAnyAsync<HomelabException>(() => stage.AskAsync<AccessKey>("access_list_keys", new ListApiKeys.Input { Name = "shrt" }));
        Assert.Equal("KeyNotFound", e.Id);
        Assert.Contains("Did you mean 'short'?", e.Message, StringComparison.Ordinal);
        Assert.Equal("KeyNotFound", (await stage.FailAsync("access_revoke_key", new RevokeApiKey.Input { Name = "nobody" })).Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_the_answer_is_lost_a_look_tells_whether_the_key_is_there(bool isThere)
    {
        await using var stage = await AccessStage.OpenAsync(store => AccessStage.WithKeys(store, async (_, add) =>
        {
            if (isThere) await add();
            throw new HomelabException(ErrorKind.Unavailable, "StateLost", "The answer was lost.");
        }));
        if (isThere)
        {
            Assert.Null(Assert.IsType<GateOutcome.Done>(await stage.InvokeAsync("access_create_key", new CreateApiKey.Input { Name = "x" })).Result);
            Assert.Single(await stage.AskAsync<AccessKey>("access_list_keys", new ListApiKeys.Input()));
        }
        else
        {
            Assert.Equal("StateLost", (await stage.FailAsync("access_create_key", new CreateApiKey.Input { Name = "x" })).Id);
            Assert.Empty(await stage.AskAsync<AccessKey>("access_list_keys", new ListApiKeys.Input()));
        }
    }

    // Another handle of the same process has it open.
    private static async Task<byte[]> ReadAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes, Cancellation);
        return bytes;
    }
}
