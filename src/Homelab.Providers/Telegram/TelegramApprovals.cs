using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Homelab.Providers.Telegram;

/// <summary>Puts questions into the chat with buttons, and says there what became of them. Needs no port of ours: answers are fetched.</summary>
/// <remarks>Bot API: <c>sendMessage</c>, <c>editMessageText</c>, <c>getUpdates</c>, <c>answerCallbackQuery</c>.</remarks>
internal sealed partial class TelegramApprovals : IApprovalChannel, IDisposable
{
    private const string Yes = "y";
    private const string No = "n";

    // UTF-16 units, as Telegram counts them.
    private const int LongestText = 4096;
    private const int LongestPlaceholder = 64;
    private const int ChatBytes = 4;

    private readonly TelegramDefinition _definition;
    private readonly ISecretSource _secrets;
    private readonly BotClient _client;

    /// <param name="definition">The bot, the chat, and who may answer.</param>
    /// <param name="secrets">Opens token and chat each time, so that a new token works without a restart.</param>
    /// <param name="time">The clock of the timeouts.</param>
    public TelegramApprovals(TelegramDefinition definition, ISecretSource secrets, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(secrets);
        _definition = definition;
        _secrets = secrets;
        _client = new BotClient(definition.Url, time);
    }

    /// <summary>Receives one line per call, without token and chat.</summary>
    public Action<string> Trace { get; init; } = static _ => { };

    /// <inheritdoc/>
    public string Name => "telegram";

    /// <inheritdoc/>
    /// <exception cref="HomelabException">As for <see cref="TelegramNotifier.SendAsync"/>.</exception>
    public async Task<string> ShowAsync(ApprovalCard card, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(card);
        var (token, chat) = await OpenAsync(cancellationToken).ConfigureAwait(false);
        return await SendAsync(token, chat, card.ToString(), answers: null, Buttons(card), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="HomelabException">As for <see cref="TelegramNotifier.SendAsync"/>; <c>TelegramMessageGone</c> (NotFound): it was deleted, or stands in another chat than is configured now.</exception>
    public async Task<string> UpdateAsync(string reference, ApprovalCard card, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(card);
        var (token, chat) = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var first = reference.Split(' ')[0].Split('/');
        if (first is not [var place, var number] || place != Place(token, chat) || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var message))
        {
            throw new HomelabException(ErrorKind.NotFound, "TelegramMessageGone", "The question stands in another chat, or was put by another bot, than notify.telegram names now. It is put anew.", BotClient.Target);
        }

        await _client.EditMessageAsync(token, chat, message, Cut(card.ToString()), Buttons(card), cancellationToken).ConfigureAwait(false);
        Trace("POST telegram editMessageText → ok");
        // Nobody hears a change of what was said before.
        return card.News switch
        {
            ApprovalNews.Reminder => reference + " " + await SendAsync(token, chat, $"⏰ This still waits for an answer: {card.Approval.Question}\nNo answer by {card.Approval.ExpiresAt:HH:mm:ss} UTC means no.", message, markup: null, cancellationToken).ConfigureAwait(false),
            ApprovalNews.SecondWanted when card.TwoPeople => reference + " " + await SendAsync(token, chat, "One yes is there. One more is needed, from another person.", message, markup: null, cancellationToken).ConfigureAwait(false),
            ApprovalNews.SecondWanted => reference + " " + await SendAsync(token, chat, "One yes is there. To confirm it a second time, type the name of the target in answer to this message; or let another person press Yes.", message, ForceReply, cancellationToken).ConfigureAwait(false),
            _ => reference,
        };
    }

    /// <summary>Ends its connections.</summary>
    public void Dispose() => _client.Dispose();

    private async Task<(Secret Token, Secret Chat)> OpenAsync(CancellationToken cancellationToken) => (
        await _secrets.ResolveAsync(_definition.Token, cancellationToken).ConfigureAwait(false),
        await _secrets.ResolveAsync(_definition.Chat, cancellationToken).ConfigureAwait(false));

    private async Task<string> SendAsync(Secret token, Secret chat, string text, long? answers, JsonObject? markup, CancellationToken cancellationToken)
    {
        var more = new JsonObject { ["link_preview_options"] = new JsonObject { ["is_disabled"] = true } };
        if (markup is not null) more["reply_markup"] = markup;
        if (answers is { } message) more["reply_parameters"] = new JsonObject { ["message_id"] = message, ["allow_sending_without_reply"] = true };
        var sent = await _client.SendMessageAsync(token, chat, Cut(text), more, cancellationToken).ConfigureAwait(false);
        Trace("POST telegram sendMessage → ok");
        return sent is { } id
            ? NameOf(token, chat, id)
            : throw new HomelabException(ErrorKind.Unavailable, "TelegramUnreachable", "Telegram took the question and did not say which message it is, so that no answer to it could be known. It is put anew.", BotClient.Target);
    }

    private static JsonObject? Buttons(ApprovalCard card) => card.IsOpen
        ? new JsonObject { ["inline_keyboard"] = new JsonArray(new JsonArray(Button("✅ Yes", card.Nonce, Yes), Button("⛔ No", card.Nonce, No))) }
        : null;

    private static JsonObject Button(string text, string nonce, string word) => new() { ["text"] = text, ["callback_data"] = $"{nonce}:{word}" };

    private static JsonObject ForceReply => new() { ["force_reply"] = true, ["input_field_placeholder"] = ForeignText.Cut("the target's name", LongestPlaceholder) };

    private static string NameOf(Secret token, Secret chat, long message) => string.Create(CultureInfo.InvariantCulture, $"{Place(token, chat)}/{message}");

    // The chat's id is the owner's secret: what is written down tells two chats apart, and tells neither.
    private static string Place(Secret token, Secret chat) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{token.Reveal().Trim()} {chat.Reveal().Trim()}")).AsSpan(0, ChatBytes));

    private static string Cut(string text) => ForeignText.Cut(text, LongestText);
}
