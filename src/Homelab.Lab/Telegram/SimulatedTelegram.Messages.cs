using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.Telegram;

/// <content>Messages, and their changes.</content>
public sealed partial class SimulatedTelegram
{
    private const int LongestText = 4096;
    // In bytes.
    private const int LongestData = 64;

    private async Task TakeAsync(HttpContext context, string chat, JsonElement body)
    {
        var text = Text(body, "text");
        var markup = Part(body, "reply_markup");
        var reply = Part(body, "reply_parameters");
        var answered = Number(reply, "message_id");
        if (answered is { } id && Find(chat, id) is null) answered = Flag(reply, "allow_sending_without_reply") ? null : -1;
        if (Problem(text, markup) is { } problem)
        {
            await RefuseAsync(context, 400, problem);
        }
        else if (answered == -1)
        {
            await RefuseAsync(context, 400, "Bad Request: message to be replied not found");
        }
        else
        {
            var message = new TelegramMessage(Interlocked.Increment(ref _lastId), chat, text!, _time.GetUtcNow()) { Buttons = Buttons(markup), ReplyTo = answered, ForcesReply = Flag(markup, "force_reply") };
            lock (_lock) _messages.Add(message);
            _arrivals.Writer.TryWrite(message);
            await DoneAsync(context, Json(message));
        }
    }

    private async Task EditAsync(HttpContext context, string chat, JsonElement body)
    {
        var text = Text(body, "text");
        var markup = Part(body, "reply_markup");
        if (Problem(text, markup) is { } problem)
        {
            await RefuseAsync(context, 400, problem);
            return;
        }

        TelegramMessage? before;
        TelegramMessage? after = null;
        lock (_lock)
        {
            before = Number(body, "message_id") is { } id ? Find(chat, id) : null;
            if (before is not null)
            {
                // Buttons that are not given anew are taken away.
                after = before with { Text = text!, Buttons = Buttons(markup), Edits = before.Edits + 1 };
                if (after.Text == before.Text && after.Buttons.SequenceEqual(before.Buttons)) after = null;
                else _messages[_messages.IndexOf(before)] = after;
            }
        }

        if (before is null) await RefuseAsync(context, 400, "Bad Request: message to edit not found");
        else if (after is null) await RefuseAsync(context, 400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message");
        else await DoneAsync(context, Json(after));
    }

    /// <summary>Removes a message, as anybody in a chat of their own may.</summary>
    public void Delete(int message)
    {
        lock (_lock) _messages.RemoveAll(m => m.Id == message);
    }

    private TelegramMessage? Find(string chat, int id)
    {
        lock (_lock) return _messages.Find(m => m.Id == id && m.Chat == chat);
    }

    private static string? Problem(string? text, JsonElement markup)
    {
        if (string.IsNullOrWhiteSpace(text)) return "Bad Request: message text is empty";
        if (text.Length > LongestText) return "Bad Request: message is too long";
        return Buttons(markup).Any(static b => b.Data.Length == 0 || Encoding.UTF8.GetByteCount(b.Data) > LongestData) ? "Bad Request: BUTTON_DATA_INVALID" : null;
    }

    private static IReadOnlyList<TelegramButton> Buttons(JsonElement markup) => Part(markup, "inline_keyboard") is { ValueKind: JsonValueKind.Array } rows
        ? [.. rows.EnumerateArray().SelectMany(static row => row.EnumerateArray()).Select(static b => new TelegramButton(Text(b, "text") ?? "", Text(b, "callback_data") ?? ""))]
        : [];

    private static JsonObject Json(TelegramMessage message) => new()
    {
        ["message_id"] = message.Id,
        ["from"] = new JsonObject { ["id"] = BotId, ["is_bot"] = true, ["first_name"] = "Homelab" },
        ["chat"] = Chat(message.Chat),
        ["date"] = message.At.ToUnixTimeSeconds(),
        ["text"] = message.Text,
    };

    private static JsonObject Chat(string chat) => long.TryParse(chat, out var id)
        ? new JsonObject { ["id"] = id, ["type"] = id < 0 ? "supergroup" : "private" }
        : new JsonObject { ["id"] = 0, ["type"] = "supergroup", ["username"] = chat.TrimStart('@') };
}
