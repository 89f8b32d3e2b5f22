using Homelab.Lab.Telegram;
using Homelab.Providers.Telegram;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Telegram;

public sealed class TelegramLookTests
{
    private const string Token = "4711:AAbbCC-secret";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bot_that_knows_its_chat_is_well_and_nothing_is_sent()
    {
        await using var telegram = await SimulatedTelegram.StartAsync(Token);

        var checks = await LookAsync(telegram, Token);

        Assert.Equal([("connection", CheckStatus.Ok, "the bot is @homelab_bot"), ("rights", CheckStatus.Ok, "the chat is known to the bot (private)")], checks.Select(static c => (c.Group, c.Status, c.Detail)));
        Assert.Empty(telegram.Messages);
    }

    [Fact]
    public async Task A_chat_that_the_bot_was_not_let_into_is_told_without_its_id()
    {
        await using var telegram = await SimulatedTelegram.StartAsync(Token);
        telegram.OnlyChat = "1";

        var checks = await LookAsync(telegram, Token);

        Assert.Equal([CheckStatus.Ok, CheckStatus.Failed], checks.Select(static c => c.Status));
        Assert.Contains("chat not found", checks[1].Detail, StringComparison.Ordinal);
        Assert.StartsWith("Let somebody in the chat write to the bot first", checks[1].Fix, StringComparison.Ordinal);
        Assert.DoesNotContain("-100123", string.Concat(checks), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4711:AAbbCC-wrong")]
    [InlineData("no token at all")]
    public async Task A_token_that_is_refused_is_told_without_its_value(string token)
    {
        await using var telegram = await SimulatedTelegram.StartAsync(Token);

        var check = Assert.Single(await LookAsync(telegram, token));

        Assert.Equal(("rights", CheckStatus.Failed), (check.Group, check.Status));
        Assert.Contains("@BotFather", check.Fix, StringComparison.Ordinal);
        Assert.DoesNotContain(token, check.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TelegramFault.ServerError)]
    [InlineData(TelegramFault.Page)]
    [InlineData(TelegramFault.TooMany)]
    public async Task What_is_not_Telegrams_answer_is_a_failed_connection(TelegramFault fault)
    {
        await using var telegram = await SimulatedTelegram.StartAsync(Token);
        telegram.Fault = fault;

        var check = Assert.Single(await LookAsync(telegram, Token));

        Assert.Equal(("connection", CheckStatus.Failed), (check.Group, check.Status));
        Assert.NotEmpty(check.Fix);
    }

    private static async Task<List<LabCheck>> LookAsync(SimulatedTelegram telegram, string token)
    {
        var definition = new TelegramDefinition { Token = SecretReference.Parse("env:TOKEN", provider: null), Chat = SecretReference.Parse("env:CHAT", provider: null), Url = telegram.Url };
        var lab = new LabDefinition { Notify = new NotifyDefinition { Telegram = definition } };
        await using var provider = new TelegramProvider(new ProviderContext(lab, "/", new Secrets(("TOKEN", token), ("CHAT", "-100123")), new PatientTime()));
        return await provider.CheckAsync(Cancel).ToListAsync(Cancel);
    }
}
