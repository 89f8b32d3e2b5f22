using System.Globalization;
using System.Text.Json;

namespace Homelab.Providers.Telegram;

/// <summary>Something that a person did: pressed a button, or wrote a message.</summary>
/// <param name="Id">Updates are counted; the next is one more.</param>
internal sealed record BotUpdate(long Id)
{
    private const int LongestName = 64;

    /// <summary>The press that wants an answer; null for a message.</summary>
    internal string? Press { get; private init; }

    /// <summary>What the button carried.</summary>
    internal string? Data { get; private init; }

    /// <summary>The user's id; null where no user is behind it.</summary>
    internal long? From { get; private init; }

    /// <summary>What the user goes by, cleaned.</summary>
    internal string Name { get; private init; } = "";

    /// <summary>The chat's id.</summary>
    internal string? Chat { get; private init; }

    /// <summary>The chat's public name, without the @.</summary>
    internal string? ChatName { get; private init; }

    /// <summary>The message whose button was pressed, or that was written.</summary>
    internal long? Message { get; private init; }

    /// <summary>What was written.</summary>
    internal string? Text { get; private init; }

    /// <summary>The message that was answered by what was written.</summary>
    internal long? ReplyTo { get; private init; }

    /// <summary>Reads one. What is not understood is still an update, and is not asked for again.</summary>
    internal static BotUpdate? Read(JsonElement json)
    {
        if (BotAnswer.Long(json, "update_id") is not { } id) return null;
        var press = BotAnswer.Part(json, "callback_query");
        var message = press.ValueKind == JsonValueKind.Object ? BotAnswer.Part(press, "message") : BotAnswer.Part(json, "message");
        var from = BotAnswer.Part(press.ValueKind == JsonValueKind.Object ? press : message, "from");
        var chat = BotAnswer.Part(message, "chat");
        return new BotUpdate(id)
        {
            Press = BotAnswer.Text(press, "id"),
            Data = BotAnswer.Text(press, "data"),
            From = BotAnswer.Long(from, "id"),
            Name = ForeignText.Clean($"{BotAnswer.Text(from, "first_name")} {BotAnswer.Text(from, "last_name")}", LongestName),
            Chat = BotAnswer.Long(chat, "id")?.ToString(CultureInfo.InvariantCulture),
            ChatName = BotAnswer.Text(chat, "username"),
            Message = BotAnswer.Long(message, "message_id"),
            Text = press.ValueKind == JsonValueKind.Object ? null : BotAnswer.Text(message, "text"),
            ReplyTo = BotAnswer.Long(BotAnswer.Part(message, "reply_to_message"), "message_id"),
        };
    }

    /// <summary>True in the chat that the lab file names, by id or by its public name.</summary>
    internal bool IsIn(string chat) => chat.StartsWith('@') ? string.Equals(ChatName, chat[1..], StringComparison.OrdinalIgnoreCase) : Chat == chat;
}
