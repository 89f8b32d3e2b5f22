using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.Telegram;

/// <content>What people do, and how the bot hears of it: by asking, one asker at a time.</content>
public sealed partial class SimulatedTelegram
{
    private const int MostUpdates = 100;
    private const int LongestPoll = 50;
    private const int LongestToast = 200;

    private readonly SortedDictionary<int, (string Kind, JsonObject What)> _updates = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource<TelegramToast>> _presses = new(StringComparer.Ordinal);
    private TaskCompletionSource _happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _asker = new();
    private int _lastUpdate = 100;
    private int _lastPress;
    private int _asked;

    /// <summary>How often the bot has asked what people do.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Presses a button.</summary>
    /// <param name="message">The message it is below.</param>
    /// <param name="data">What it carries.</param>
    /// <param name="user">Who presses.</param>
    /// <param name="chat">The chat it is pressed in, where that is another than the message was sent to.</param>
    /// <returns>What they see, once the bot has said it.</returns>
    public Task<TelegramToast> Press(TelegramMessage message, string data, TelegramUser user, string? chat = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(user);
        var press = Interlocked.Increment(ref _lastPress).ToString(CultureInfo.InvariantCulture);
        var seen = _presses.GetOrAdd(press, static _ => new TaskCompletionSource<TelegramToast>(TaskCreationOptions.RunContinuationsAsynchronously));
        Happen("callback_query", new JsonObject { ["id"] = press, ["from"] = Json(user), ["message"] = Json(message with { Chat = chat ?? message.Chat }), ["chat_instance"] = "1", ["data"] = data });
        return seen.Task;
    }

    /// <summary>Presses the button whose text ends with these words.</summary>
    /// <exception cref="InvalidOperationException">There is none on the message now.</exception>
    public Task<TelegramToast> PressOn(TelegramMessage message, string button, TelegramUser user)
    {
        ArgumentNullException.ThrowIfNull(message);
        var now = Find(message.Chat, message.Id) ?? throw new InvalidOperationException($"Message {message.Id} is not there any more.");
        return Press(now, now.Buttons.Single(b => b.Text.EndsWith(button, StringComparison.Ordinal)).Data, user);
    }

    /// <summary>Writes an answer to a message.</summary>
    public void Reply(TelegramMessage message, string text, TelegramUser user)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(user);
        Happen("message", new JsonObject
        {
            ["message_id"] = Interlocked.Increment(ref _lastId),
            ["from"] = Json(user),
            ["chat"] = Chat(message.Chat),
            ["date"] = _time.GetUtcNow().ToUnixTimeSeconds(),
            ["text"] = text,
            ["reply_to_message"] = Json(message),
        });
    }

    private void Happen(string kind, JsonObject what)
    {
        lock (_lock)
        {
            _updates.Add(++_lastUpdate, (kind, what));
            _happened.TrySetResult();
            _happened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private async Task GiveUpdatesAsync(HttpContext context, JsonElement body)
    {
        if (Webhook is not null)
        {
            await RefuseAsync(context, 409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
            return;
        }

        // Whoever asks last is told; the one before hears that.
        var mine = new CancellationTokenSource();
        var former = Interlocked.Exchange(ref _asker, mine);
        Interlocked.Increment(ref _asked);
        await former.CancelAsync();
        var patience = TimeSpan.FromSeconds(Math.Clamp(Number(body, "timeout") ?? 0, 0, LongestPoll));
        var began = _time.GetTimestamp();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(mine.Token, context.RequestAborted);
        while (true)
        {
            Task more;
            JsonArray given;
            lock (_lock)
            {
                given = Take(body);
                more = _happened.Task;
            }

            var left = patience - _time.GetElapsedTime(began);
            if (given.Count > 0 || left <= TimeSpan.Zero)
            {
                await DoneAsync(context, given);
                return;
            }

            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
            await Task.WhenAny(more, Task.Delay(left, _time, waiting.Token));
            await waiting.CancelAsync();
            if (context.RequestAborted.IsCancellationRequested) return;
            if (!mine.IsCancellationRequested) continue;
            await RefuseAsync(context, 409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running");
            return;
        }
    }

    // What lies before the offset was taken, and is forgotten.
    private JsonArray Take(JsonElement body)
    {
        var offset = Number(body, "offset") ?? 0;
        if (offset < 0) offset = _lastUpdate + 1 + offset;
        foreach (var id in _updates.Keys.Where(id => id < offset).ToArray()) _updates.Remove(id);
        string[]? allowed = Part(body, "allowed_updates") is { ValueKind: JsonValueKind.Array } kinds ? [.. kinds.EnumerateArray().Select(static k => k.GetString() ?? "")] : null;
        var limit = Math.Clamp(Number(body, "limit") ?? MostUpdates, 1, MostUpdates);
        return
        [
            .. _updates
                .Where(u => allowed is not { Length: > 0 } || allowed.Contains(u.Value.Kind, StringComparer.Ordinal))
                .Take(limit)
                .Select(static u => (JsonNode)new JsonObject { ["update_id"] = u.Key, [u.Value.Kind] = u.Value.What.DeepClone() }),
        ];
    }

    private async Task TakeAnswerAsync(HttpContext context, JsonElement body)
    {
        var text = Text(body, "text") ?? "";
        if (text.Length > LongestToast) await RefuseAsync(context, 400, "Bad Request: MESSAGE_TOO_LONG");
        else if (Text(body, "callback_query_id") is { } press && _presses.TryGetValue(press, out var seen) && seen.TrySetResult(new TelegramToast(text, Flag(body, "show_alert")))) await DoneAsync(context, JsonValue.Create(true));
        else await RefuseAsync(context, 400, "Bad Request: query is too old and response timeout expired or query ID is invalid");
    }

    private static JsonObject Json(TelegramUser user) => new() { ["id"] = user.Id, ["is_bot"] = false, ["first_name"] = user.Name };
}
