using Homelab.Lab.Cloudflare;
using Homelab.Providers.Cloudflare;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Cloudflare;

public sealed class CloudflareTests
{
    private const string Token = "cf-Sn3Zq_x7d0e1f2a3b4c5d6e7f8";

    [Fact]
    public async Task A_token_that_is_active_is_valid_and_its_end_is_told()
    {
        await using var cloudflare = await SimulatedCloudflare.StartAsync(Token);
        cloudflare.ExpiresOn = new DateTimeOffset(2027, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var token = await AskAsync(cloudflare);
        Assert.Equal((true, CloudflareTokenStatus.Active, "This API Token is valid and active"), (token.Valid, token.Status, token.Reason));
        Assert.Equal(cloudflare.ExpiresOn, token.ExpiresOn);
        Assert.Equal("ed17574386854bf78a67040be0a770b0", token.Id);
        Assert.Equal(["GET /client/v4/user/tokens/verify"], cloudflare.Requests);
    }

    [Theory]
    [InlineData("disabled", CloudflareTokenStatus.Disabled)]
    [InlineData("expired", CloudflareTokenStatus.Expired)]
    [InlineData("frozen", CloudflareTokenStatus.Refused)]
    public async Task A_token_that_is_anything_but_active_is_not_valid(string status, CloudflareTokenStatus expected)
    {
        await using var cloudflare = await SimulatedCloudflare.StartAsync(Token);
        cloudflare.Status = status;
        var token = await AskAsync(cloudflare);
        Assert.Equal((false, expected), (token.Valid, token.Status));
    }

    [Theory]
    [InlineData("another-token", "Invalid API Token", 1)]
    [InlineData("two words", "does not have the form", 0)]
    public async Task A_token_that_Cloudflare_does_not_know_is_a_finding_and_no_error(string given, string reason, int requests)
    {
        await using var cloudflare = await SimulatedCloudflare.StartAsync(Token);
        var token = await AskAsync(cloudflare, given);
        Assert.Equal((false, CloudflareTokenStatus.Refused), (token.Valid, token.Status));
        Assert.Contains(reason, token.Reason, StringComparison.Ordinal);
        Assert.Equal(requests, cloudflare.Requests.Count);
        Assert.DoesNotContain(given, token.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "<html>", "CloudflareAnswerOdd", ErrorKind.Failed)]
    [InlineData(200, "{\"success\":true,\"result\":null}", "CloudflareAnswerOdd", ErrorKind.Failed)]
    [InlineData(200, "{\"success\":\"true\",\"result\":{\"status\":\"active\"}}", "CloudflareAnswerOdd", ErrorKind.Failed)]
    [InlineData(401, "nonsense", "CloudflareAnswerOdd", ErrorKind.Failed)]
    [InlineData(429, "{}", "CloudflareBusy", ErrorKind.Unavailable)]
    [InlineData(502, "", "CloudflareUnreachable", ErrorKind.Unavailable)]
    public async Task What_leaves_the_token_unknown_is_an_error(int status, string body, string id, ErrorKind kind)
    {
        await using var cloudflare = await SimulatedCloudflare.StartAsync(Token);
        cloudflare.Instead = (status, body);
        var error = await Assert.ThrowsAsync<HomelabException>(() => AskAsync(cloudflare));
        Assert.Equal((id, kind), (error.Id, error.Kind));
        Assert.DoesNotContain(Token, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listening_is_told_as_such()
    {
        using var closed = new ClosedPort();
        var error = await Assert.ThrowsAsync<HomelabException>(() => AskAsync(closed.Url, Token));
        Assert.Equal("CloudflareUnreachable", error.Id);
    }

    [Fact]
    public async Task Without_settings_the_way_to_them_is_told()
    {
        await using var provider = new CloudflareProvider(new ProviderContext(new LabDefinition(), "/", new OneSecret(Token), new PatientTime()));
        var error = await Assert.ThrowsAsync<HomelabException>(() => new QueryDesk().AskAsync<CloudflareToken>(provider.Operations, "cloudflare_check_token", new { }, TestContext.Current.CancellationToken));
        Assert.Equal("CloudflareNotConfigured", error.Id);
        Assert.Contains("providers.cloudflare", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_look_at_the_lab_tells_of_a_token_that_ends_soon_and_of_one_that_is_refused()
    {
        await using var cloudflare = await SimulatedCloudflare.StartAsync(Token);
        Assert.Equal([CheckStatus.Ok, CheckStatus.Ok], await LookAsync(cloudflare));
        cloudflare.ExpiresOn = DateTimeOffset.UtcNow.AddDays(2);
        Assert.Equal([CheckStatus.Ok, CheckStatus.Warning], await LookAsync(cloudflare));
        cloudflare.Status = "expired";
        Assert.Equal([CheckStatus.Ok, CheckStatus.Failed], await LookAsync(cloudflare));
    }

    private static async Task<IReadOnlyList<CheckStatus>> LookAsync(SimulatedCloudflare cloudflare)
    {
        await using var provider = Provider(cloudflare.Url, Token);
        return await provider.CheckAsync(TestContext.Current.CancellationToken).Select(static c => c.Status).ToListAsync(TestContext.Current.CancellationToken);
    }

    private static Task<CloudflareToken> AskAsync(SimulatedCloudflare cloudflare, string token = Token) => AskAsync(cloudflare.Url, token);

    private static async Task<CloudflareToken> AskAsync(Uri url, string token)
    {
        await using var provider = Provider(url, token);
        return Assert.Single(await new QueryDesk().AskAsync<CloudflareToken>(provider.Operations, "cloudflare_check_token", new { }, TestContext.Current.CancellationToken));
    }

    private static CloudflareProvider Provider(Uri url, string token)
    {
        var settings = new CloudflareSettings { Token = SecretReference.Parse("env:CF_DNS_API_TOKEN", provider: null), Url = url };
        return new CloudflareProvider(new ProviderContext(new LabDefinition { Providers = new Dictionary<string, object> { ["cloudflare"] = settings } }, "/", new OneSecret(token), new PatientTime()));
    }

    private sealed class OneSecret(string value) : ISecretSource
    {
        public ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) => ValueTask.FromResult(new Secret(value));
    }
}
