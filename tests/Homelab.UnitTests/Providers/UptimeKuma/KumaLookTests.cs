using Homelab.Lab.Kuma;
using Homelab.Lab.Services;
using Homelab.Providers.UptimeKuma;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.UptimeKuma;

public sealed class KumaLookTests
{
    private const string Key = "uk1_secret-key";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Monitors_that_the_lab_names_are_looked_for_and_a_wrong_name_is_a_warning_with_the_nearest()
    {
        await using var kuma = await SimulatedKuma.StartAsync(Key);
        kuma.Add(new KumaMonitor { Name = "Gitea", Url = new Uri("http://127.0.0.1/"), Check = static _ => Task.FromResult((true, "200 - OK")) });
        await kuma.CheckNowAsync("Gitea", Cancel);

        var checks = await LookAsync(kuma.Url, Key, ("gitea", "gitea"), ("git", "Gitae"), ("redis", null));

        Assert.Equal(
            [("connection", "kuma", CheckStatus.Ok), ("rights", "kuma", CheckStatus.Ok), ("monitor", "gitea", CheckStatus.Ok), ("monitor", "git", CheckStatus.Warning)],
            checks.Select(static c => (c.Group, c.Name, c.Status)));
        Assert.Equal("1 monitors can be seen", checks[1].Detail);
        Assert.Equal("'Gitea' is up", checks[2].Detail);
        Assert.StartsWith("Did you mean 'Gitea'?", checks[3].Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("uk1_wrong")]
    [InlineData(null)]
    public async Task A_refused_key_says_where_keys_are_made_and_what_else_it_may_mean(string? key)
    {
        await using var kuma = await SimulatedKuma.StartAsync(Key);

        var checks = await LookAsync(kuma.Url, key);

        Assert.Equal([("connection", CheckStatus.Ok), ("rights", CheckStatus.Failed)], checks.Select(static c => (c.Group, c.Status)));
        Assert.Contains("Settings, API Keys", checks[1].Fix, StringComparison.Ordinal);
        Assert.Contains("60 times a minute", checks[1].Fix, StringComparison.Ordinal);
        Assert.DoesNotContain("uk1_", string.Concat(checks), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Kuma_that_is_not_there_or_whose_key_cannot_be_opened_is_a_failed_connection()
    {
        await using var service = await SimulatedService.StartAsync(static _ => null);
        service.Fault = ServiceFault.Refuse;
        var check = Assert.Single(await LookAsync(service.Url, Key));
        Assert.Equal(("connection", CheckStatus.Failed, "Look at providers.kuma in the lab file, and whether it runs."), (check.Group, check.Status, check.Fix));

        check = Assert.Single(await LookAsync(service.Url, ""));
        Assert.Equal(("connection", CheckStatus.Failed, "There is no secret env:KEY."), (check.Group, check.Status, check.Detail));
        Assert.NotEmpty(check.Fix);
    }

    [Fact]
    public async Task A_lab_without_Kuma_has_nothing_to_look_at()
    {
        await using var provider = new UptimeKumaProvider(new ProviderContext(new LabDefinition(), "/", new Secrets(), new PatientTime()));
        Assert.Empty(await provider.CheckAsync(Cancel).ToListAsync(Cancel));
    }

    private static async Task<List<LabCheck>> LookAsync(Uri url, string? key, params (string Service, string? Monitor)[] services)
    {
        var lab = new LabDefinition
        {
            Providers = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["kuma"] = new UptimeKumaSettings { Url = url, ApiKey = key is null ? null : SecretReference.Parse("env:KEY", provider: null) },
            },
            Services = services.ToDictionary(static s => s.Service, static s => new ServiceDefinition { Monitor = s.Monitor }, StringComparer.Ordinal),
        };
        var secrets = string.IsNullOrEmpty(key) ? new Secrets() : new Secrets(("KEY", key));
        await using var provider = new UptimeKumaProvider(new ProviderContext(lab, "/", secrets, new PatientTime()));
        return await provider.CheckAsync(Cancel).ToListAsync(Cancel);
    }
}
