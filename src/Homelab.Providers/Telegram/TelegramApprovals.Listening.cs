using System.Globalization;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Telegram;

/// <content>What people answer.</content>
internal sealed partial class TelegramApprovals
{
    // UTF-16 units, as Telegram counts those of an answer to a press.
    private const int LongestAnswer = 200;

    /// <inheritdoc/>
    /// <exception cref="HomelabException">As for <see cref="TelegramNotifier.SendAsync"/>; <c>TelegramOtherPoller</c>, <c>TelegramWebhookSet</c> (Conflict): somebody else is told in our place.</exception>
    public async IAsyncEnumerable<ApprovalReply> ListenAsync(string? cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var (token, chat) = await OpenAsync(cancellationToken).ConfigureAwait(false);
            var bot = BotOf(token);
            // Another bot counts its updates anew: by this one's count its first ones would be forgotten unread.
            long? offset = cursor?.Split('/') is [var of, var last] && of == bot && long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id + 1 : null;
            foreach (var update in await _client.GetUpdatesAsync(token, offset, cancellationToken).ConfigureAwait(false))
            {
                cursor = string.Create(CultureInfo.InvariantCulture, $"{bot}/{update.Id}");
                if (Read(update, token, chat, cursor) is { } reply) yield return reply;
            }
        }
    }

    private ApprovalReply? Read(BotUpdate update, Secret token, Secret chat, string cursor)
    {
        if (update.From is not { } user) return null;
        var reply = new ApprovalReply
        {
            Cursor = cursor,
            Approver = string.Create(CultureInfo.InvariantCulture, $"{Name}:{user}"),
            Name = update.Name,
            Word = ApprovalWord.Typed,
            Answers = "",
            Refusal = Refuse(update, user, chat),
            AcknowledgeAsync = (text, isRefusal, cancellationToken) => AcknowledgeAsync(update, token, chat, text, isRefusal, cancellationToken),
        };
        if (update.Press is not null)
        {
            if (update.Data?.Split(':') is not [var nonce, var word] || word is not (Yes or No)) return null;
            return reply with { Word = word == Yes ? ApprovalWord.Yes : ApprovalWord.No, Nonce = nonce, Answers = update.Message is { } pressed ? NameOf(token, chat, pressed) : "" };
        }

        return update is { ReplyTo: { } answered, Text: { } text } ? reply with { Text = text.Trim(), Answers = NameOf(token, chat, answered) } : null;
    }

    private string? Refuse(BotUpdate update, long user, Secret chat)
    {
        if (!update.IsIn(chat.Reveal().Trim())) return "You may not answer here: it was not asked in this chat.";
        return _definition.Approvers.Contains(user) ? null : "You may not answer this. Ask for your user id under notify.telegram.approvers in the lab file.";
    }

    private async Task AcknowledgeAsync(BotUpdate update, Secret token, Secret chat, string text, bool isRefusal, CancellationToken cancellationToken)
    {
        if (update.Press is { } press) await _client.AnswerCallbackAsync(token, press, ForeignText.Clean(text, LongestAnswer), isRefusal, cancellationToken).ConfigureAwait(false);
        // What was taken shows on the question itself.
        else if (isRefusal && update.IsIn(chat.Reveal().Trim())) await SendAsync(token, chat, text, update.Message, markup: null, cancellationToken).ConfigureAwait(false);
    }

    // Not the secret part: it is the user id by which everybody sees the bot.
    private static string BotOf(Secret token) => token.Reveal().Trim().Split(':')[0];
}
