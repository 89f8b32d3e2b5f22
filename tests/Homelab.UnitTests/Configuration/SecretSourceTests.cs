using Homelab.Configuration;

namespace Homelab.UnitTests.Configuration;

public sealed class SecretSourceTests : IDisposable
{
    private readonly LabFolder _folder = new();
    private readonly SecretRedactor _redactor = new();

    public void Dispose() => _folder.Dispose();

    private ValueTask<Secret> ResolveAsync(string reference, Func<string, string?>? environment = null) =>
        new SecretSource(_folder.Root, _redactor, environment ?? (static _ => null)).ResolveAsync(SecretReference.Parse(reference, null), TestContext.Current.CancellationToken);

    private async Task<HomelabException> FailAsync(string reference, Func<string, string?>? environment = null) =>
        await Assert.ThrowsAsync<HomelabException>(async () => await ResolveAsync(reference, environment));

    [Fact]
    public async Task A_variable_is_opened_and_taught_to_the_redactor()
    {
        var secret = await ResolveAsync("env:TOKEN", static name => name == "TOKEN" ? "hunter22" : null);
        Assert.Equal("hunter22", secret.Reveal());
        Assert.Equal("the *** leaks", _redactor.Redact("the hunter22 leaks"));
    }

    [Fact]
    public async Task A_variable_is_read_anew_each_time()
    {
        var value = "first1";
        Assert.Equal("first1", (await ResolveAsync("env:T", _ => value)).Reveal());
        value = "second2";
        Assert.Equal("second2", (await ResolveAsync("env:T", _ => value)).Reveal());
    }

    [Theory]
    [InlineData("abc\n", "abc")]
    [InlineData("abc\r\n", "abc")]
    [InlineData("\uFEFFabc", "abc")]
    [InlineData("a\nb\n", "a\nb")]
    [InlineData(" abc ", " abc ")]
    public async Task A_file_is_opened_without_its_last_line_end(string text, string expected)
    {
        _folder.Write("keys/token", text);
        Assert.Equal(expected, (await ResolveAsync("file:keys/token")).Reveal());
    }

    [Fact]
    public async Task An_absolute_path_is_taken_as_it_is()
    {
        _folder.Write("token", "abc");
        Assert.Equal("abc", (await ResolveAsync("file:" + Path.Join(_folder.Root, "token"))).Reveal());
    }

    [Theory]
    [InlineData("env:NOT_SET")]
    [InlineData("file:not-there")]
    [InlineData("file:no/such/folder")]
    [InlineData("file:empty")]
    public async Task A_secret_that_is_not_there_is_not_found(string reference)
    {
        _folder.Write("empty", "\n");
        var error = await FailAsync(reference);
        Assert.Equal((ErrorKind.NotFound, "SecretNotFound", reference), (error.Kind, error.Id, error.Target));
        Assert.Contains(reference, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_variable_is_not_found() => Assert.Equal("SecretNotFound", (await FailAsync("env:EMPTY", static _ => "")).Id);

    [Fact]
    public async Task A_vault_is_refused_with_the_reason()
    {
        var error = await FailAsync("vault:gitea");
        Assert.Equal((ErrorKind.Unavailable, "VaultNotAvailable"), (error.Kind, error.Id));
        Assert.Contains("SecretManagement", error.Message, StringComparison.Ordinal);
        Assert.Contains("Start-HlListener, which hands the secrets over", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vault_is_asked_by_the_reference_and_its_secret_taught_to_the_redactor()
    {
        var vault = new Vault { ["vault:kuma"] = "of-the-default", ["vault:Home/kuma"] = "of-the-named" };
        var source = new SecretSource(_folder.Root, _redactor, static _ => null, vault);
        Assert.Equal("of-the-default", (await source.ResolveAsync(SecretReference.Parse("vault:kuma", null), TestContext.Current.CancellationToken)).Reveal());
        Assert.Equal("of-the-named", (await source.ResolveAsync(SecretReference.Parse("vault:Home/kuma", null), TestContext.Current.CancellationToken)).Reveal());
        Assert.Equal("*** and ***", _redactor.Redact("of-the-default and of-the-named"));
    }

    [Theory]
    [InlineData("vault:other")]
    [InlineData("vault:empty")]
    public async Task What_the_vault_does_not_hold_is_not_found(string reference)
    {
        var source = new SecretSource(_folder.Root, _redactor, static _ => null, new Vault { ["vault:empty"] = "" });
        var error = await Assert.ThrowsAsync<HomelabException>(async () => await source.ResolveAsync(SecretReference.Parse(reference, null), TestContext.Current.CancellationToken));
        Assert.Equal((ErrorKind.NotFound, "SecretNotFound", reference), (error.Kind, error.Id, error.Target));
    }

    [Fact]
    public async Task Waiting_for_a_vault_can_be_ended()
    {
        using var ending = new CancellationTokenSource();
        var asking = new SecretSource(_folder.Root, _redactor, static _ => null, new LockedVault()).ResolveAsync(SecretReference.Parse("vault:kuma", null), ending.Token);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await asking);
    }

    [Fact]
    public async Task Only_vault_references_go_to_the_vault()
    {
        var vault = new Vault { ["env:TOKEN"] = "wrong", ["file:token"] = "wrong" };
        _folder.Write("token", "from-file");
        var source = new SecretSource(_folder.Root, _redactor, static _ => "from-environment", vault);
        Assert.Equal("from-environment", (await source.ResolveAsync(SecretReference.Parse("env:TOKEN", null), TestContext.Current.CancellationToken)).Reveal());
        Assert.Equal("from-file", (await source.ResolveAsync(SecretReference.Parse("file:token", null), TestContext.Current.CancellationToken)).Reveal());
    }

    private sealed class Vault : Dictionary<string, string>, ISecretVault
    {
        public ValueTask<string?> OpenAsync(SecretReference reference, CancellationToken cancellationToken) => ValueTask.FromResult(this.GetValueOrDefault(reference.ToString()));
    }

    private sealed class LockedVault : ISecretVault
    {
        public async ValueTask<string?> OpenAsync(SecretReference reference, CancellationToken cancellationToken)
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            return null;
        }
    }

    [Theory]
    [InlineData("file:.")]
    [InlineData("file:huge")]
    [InlineData("file:binary")]
    public async Task What_is_no_text_file_cannot_be_opened(string reference)
    {
        _folder.Write("huge", new string('x', 70_000));
        File.WriteAllBytes(Path.Join(_folder.Root, "binary"), [0x61, 0xFF, 0x62]);
        var error = await FailAsync(reference);
        Assert.Equal((ErrorKind.Unavailable, "SecretNotReadable"), (error.Kind, error.Id));
    }
}
