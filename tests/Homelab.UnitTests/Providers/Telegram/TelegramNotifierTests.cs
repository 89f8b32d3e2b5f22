using Homelab.Lab.Telegram;
using Homelab.Providers.Telegram;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Telegram;

public sealed class TelegramNotifierTests
{
    private const string Token = "123456:AAE-secret_token";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_arrives_as_it_is_in_the_chat_that_is_named()
    {
        await using var telegram = await SimulatedTelegram.StartAsync(Token);
        await SendAsync(telegram.Url, "gitea is down <b>&amp; 🔴 \"quoted\"\nsecond line");
        var message = Assert.Single(telegram.Messages);
        Assert.Equal(("-1001", "gitea is down <b>&amp; 🔴 \"quoted\"\nsecond line"), (message.Chat, message.Text));
    }

    [Fact]
    public async Task A_long_text_is_cut_to_what_Telegram_takes_without_half_a_character()
    {
        await using var telegram = await SimulatedTelegram.StartAsync(Token);
        await SendAsync(telegram.Url, new string('a', 4094) + "🔴🔴");
        var text = Assert.Single(telegram.Messages).Text;
        Assert.Equal(new string('a', 4094) + "…", text);
    }

    [Fact]
    public async Task A_text_of_just_the_length_is_not_cut()
    {
        await using var telegram = await SimulatedTelegram.StartAsync(Token);
        await SendAsync(telegram.Url, new string('a', 4096));
        Assert.Equal(4096, Assert.Single(telegram.Messages).Text.Length);
    }

    [Theory]
    [InlineData(TelegramFault.TooMany, ErrorKind.Unavailable, "TelegramBusy", "Try again in 7s.")]
    [InlineData(TelegramFault.ServerError, ErrorKind.Unavailable, "TelegramUnreachable", "answered HTTP 500: Internal Server Error")]
    [InlineData(TelegramFault.Page, ErrorKind.Unavailable, "TelegramUnreachable", "answered HTTP 200")]
    public async Task What_Telegram_refuses_is_told_by_its_kind(TelegramFault fault, ErrorKind kind, string id, string says)
    {
        await using var telegram = await SimulatedTelegram.StartAsync(Token);
        telegram.Fault = fault;
        var e = await FailAsync(telegram.Url);
        Assert.Equal((kind, id), (e.Kind, e.Id));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_not_known_is_denied_and_not_shown()
    {
        await using var telegram = await SimulatedTelegram.StartAsync("1:other");
        var e = await FailAsync(telegram.Url);
        Assert.Equal((ErrorKind.Denied, "TelegramTokenRefused"), (e.Kind, e.Id));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("123:abc/../../x")]
    [InlineData("123:abc?x=")]
    [InlineData("123:abc\n@evil")]
    public async Task What_is_no_token_is_never_made_part_of_an_address(string token)
    {
        await using var telegram = await SimulatedTelegram.StartAsync(Token);
        var e = await FailAsync(telegram.Url, token: token);
        Assert.Equal((ErrorKind.Denied, "TelegramTokenRefused"), (e.Kind, e.Id));
        Assert.Empty(telegram.Messages);
    }

    [Fact]
    public async Task An_empty_text_is_invalid()
    {
        await using var telegram = await SimulatedTelegram.StartAsync(Token);
        Assert.Equal((ErrorKind.Invalid, "TelegramMessageRefused"), Of(await FailAsync(telegram.Url, text: " \n")));
    }

    [Fact]
    public async Task A_chat_that_cannot_be_is_invalid()
    {
        await using var telegram = await SimulatedTelegram.StartAsync(Token);
        Assert.Equal((ErrorKind.Invalid, "TelegramMessageRefused"), Of(await FailAsync(telegram.Url, chat: " ")));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        using var closed = new ClosedPort();
        Assert.Equal((ErrorKind.Unavailable, "TelegramUnreachable"), Of(await FailAsync(closed.Url)));
    }

    [Fact]
    public async Task A_server_that_hangs_ends_in_a_timeout_and_not_in_a_wait()
    {
        await using var telegram = await SimulatedTelegram.StartAsync(Token);
        telegram.Fault = TelegramFault.Hang;
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        using var notifier = Notifier(telegram.Url, Token, "-1001", time);
        var sending = notifier.SendAsync("hello", Cancellation);
        await time.ArmedAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(16));
        var e = await Assert.ThrowsAsync<HomelabException>(() => sending);
        Assert.Equal((ErrorKind.Timeout, "TelegramNoAnswer"), Of(e));
        AssertNoToken(e);
    }

    [Fact]
    public async Task A_cancelled_sending_is_cancelled()
    {
        await using var telegram = await SimulatedTelegram.StartAsync(Token);
        telegram.Fault = TelegramFault.Hang;
        using var cancelling = new CancellationTokenSource();
        using var notifier = Notifier(telegram.Url, Token, "-1001");
        var sending = notifier.SendAsync("hello", cancelling.Token);
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task A_secret_is_read_anew_each_time()
    {
        await using var telegram = await SimulatedTelegram.StartAsync("2:new");
        var secrets = new Rotating("1:old", "2:new");
        using var notifier = new TelegramNotifier(Definition(telegram.Url), secrets, new PatientTime());
        await Assert.ThrowsAsync<HomelabException>(() => notifier.SendAsync("one", Cancellation));
        await notifier.SendAsync("two", Cancellation);
        Assert.Equal("two", Assert.Single(telegram.Messages).Text);
    }

    [Fact]
    public async Task The_trace_holds_neither_token_nor_chat()
    {
        await using var telegram = await SimulatedTelegram.StartAsync(Token);
        var lines = new List<string>();
        var lab = new LabDefinition { Notify = new NotifyDefinition { Telegram = Definition(telegram.Url) } };
        await using var provider = new TelegramProvider(new ProviderContext(lab, "/", new Secrets(("TOKEN", Token), ("CHAT", "-1001")), new PatientTime()) { Trace = lines.Add });
        await Assert.Single(provider.Notifiers).SendAsync("hello", Cancellation);
        Assert.DoesNotContain(lines, static l => l.Contains("AAE", StringComparison.Ordinal) || l.Contains("1001", StringComparison.Ordinal));
        Assert.NotEmpty(lines);
    }

    [Fact]
    public void A_lab_without_a_bot_has_no_notifier() =>
        Assert.Empty(new TelegramProvider(new ProviderContext(new LabDefinition(), "/", new Secrets(), new PatientTime())).Notifiers);

    private static (ErrorKind, string) Of(HomelabException e) => (e.Kind, e.Id);

    private static async Task<HomelabException> FailAsync(Uri url, string text = "hello", string token = Token, string chat = "-1001")
    {
        using var notifier = Notifier(url, token, chat);
        var e = await Assert.ThrowsAsync<HomelabException>(() => notifier.SendAsync(text, Cancellation));
        AssertNoToken(e);
        return e;
    }

    private static void AssertNoToken(Exception e) => Assert.DoesNotContain("AAE-secret", e.ToString(), StringComparison.Ordinal);

    private static async Task SendAsync(Uri url, string text)
    {
        using var notifier = Notifier(url, Token, "-1001");
        await notifier.SendAsync(text, Cancellation);
    }

    private static TelegramNotifier Notifier(Uri url, string token, string chat, TimeProvider? time = null) =>
        new(Definition(url), new Secrets(("TOKEN", token), ("CHAT", chat)), time ?? new PatientTime());

    private static TelegramDefinition Definition(Uri url) => new() { Token = SecretReference.Parse("env:TOKEN", null), Chat = SecretReference.Parse("env:CHAT", null), Url = url };

    private sealed class Rotating(params string[] tokens) : ISecretSource
    {
        private int _asked;

        public ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) =>
            ValueTask.FromResult(new Secret(reference.Name == "TOKEN" ? tokens[_asked++] : "-1001"));
    }
}
