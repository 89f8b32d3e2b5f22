using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.Telegram;

/// <summary>Telegram's Bot API with one bot that may write to every chat.</summary>
public sealed class SimulatedTelegram : IAsyncDisposable
{
    private const int LongestText = 4096;

    private readonly string _token;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<TelegramMessage> _messages = new();
    private readonly Channel<TelegramMessage> _arrivals = Channel.CreateUnbounded<TelegramMessage>();
    private LoopbackServer? _server;
    private int _lastId;

    private SimulatedTelegram(string token, TimeProvider time)
    {
        _token = token;
        _time = time;
    }

    /// <summary>Its address: what <c>notify: telegram: url</c> names.</summary>
    public Uri Url => _server!.Url;

    /// <summary>Everything that was sent, in order.</summary>
    public IReadOnlyCollection<TelegramMessage> Messages => _messages;

    /// <summary>What is wrong with it. Takes effect with the next call.</summary>
    public TelegramFault Fault { get; set; }

    /// <summary>The one chat that the bot was let into; every one when null.</summary>
    public string? OnlyChat { get; set; }

    /// <summary>The wait it asks for when its fault is <see cref="TelegramFault.TooMany"/>.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(7);

    /// <summary>Starts one.</summary>
    /// <param name="token">The bot's token; calls with another are answered as by Telegram.</param>
    /// <param name="time">The clock of the messages' dates.</param>
    /// <param name="port">A free one when 0.</param>
    public static async Task<SimulatedTelegram> StartAsync(string token, TimeProvider? time = null, int port = 0)
    {
        var telegram = new SimulatedTelegram(token, time ?? TimeProvider.System);
        telegram._server = await LoopbackServer.StartAsync(telegram.AnswerAsync, port);
        return telegram;
    }

    /// <summary>Waits for the next message that nobody waited for yet.</summary>
    public ValueTask<TelegramMessage> NextAsync(CancellationToken cancellationToken) => _arrivals.Reader.ReadAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        switch (Fault)
        {
            case TelegramFault.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            case TelegramFault.TooMany:
                var seconds = (int)RetryAfter.TotalSeconds;
                await RefuseAsync(context, 429, $"Too Many Requests: retry after {seconds}", new JsonObject { ["retry_after"] = seconds });
                return;
            case TelegramFault.ServerError:
                await RefuseAsync(context, 500, "Internal Server Error");
                return;
            case TelegramFault.Page:
                context.Response.ContentType = "text/html";
                await context.Response.WriteAsync("<html><body>Welcome to the hotel's network</body></html>");
                return;
        }

        var path = context.Request.Path.Value ?? "";
        if (!path.StartsWith("/bot", StringComparison.Ordinal) || path.LastIndexOf('/') is not (> 0 and var slash))
        {
            await RefuseAsync(context, 404, "Not Found");
        }
        else if (path[4..slash] != _token)
        {
            await RefuseAsync(context, 401, "Unauthorized");
        }
        else
        {
            await CallAsync(context, path[(slash + 1)..]);
        }
    }

    private async Task CallAsync(HttpContext context, string method)
    {
        if (string.Equals(method, "getMe", StringComparison.OrdinalIgnoreCase))
        {
            var me = new JsonObject { ["id"] = 1, ["is_bot"] = true, ["first_name"] = "Homelab", ["username"] = "homelab_bot" };
            await WriteAsync(context, 200, new JsonObject { ["ok"] = true, ["result"] = me });
            return;
        }

        var take = string.Equals(method, "sendMessage", StringComparison.OrdinalIgnoreCase);
        if (!take && !string.Equals(method, "getChat", StringComparison.OrdinalIgnoreCase))
        {
            await RefuseAsync(context, 404, "Not Found: method not found");
            return;
        }

        JsonElement body;
        try
        {
            body = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException)
        {
            await RefuseAsync(context, 400, "Bad Request: can't parse JSON object");
            return;
        }

        var chat = Text(body, "chat_id");
        if (string.IsNullOrEmpty(chat)) await RefuseAsync(context, 400, "Bad Request: chat_id is empty");
        else if (OnlyChat is { } only && only != chat) await RefuseAsync(context, 400, "Bad Request: chat not found");
        else if (take) await TakeAsync(context, chat, Text(body, "text"));
        else await WriteAsync(context, 200, new JsonObject { ["ok"] = true, ["result"] = new JsonObject { ["id"] = chat, ["type"] = "private" } });
    }

    private async Task TakeAsync(HttpContext context, string chat, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            await RefuseAsync(context, 400, "Bad Request: message text is empty");
        }
        else if (text.Length > LongestText)
        {
            await RefuseAsync(context, 400, "Bad Request: message is too long");
        }
        else
        {
            var message = new TelegramMessage(Interlocked.Increment(ref _lastId), chat, text, _time.GetUtcNow());
            _messages.Enqueue(message);
            _arrivals.Writer.TryWrite(message);
            var result = new JsonObject
            {
                ["message_id"] = message.Id,
                ["chat"] = new JsonObject { ["id"] = chat, ["type"] = "private" },
                ["date"] = message.At.ToUnixTimeSeconds(),
                ["text"] = text,
            };
            await WriteAsync(context, 200, new JsonObject { ["ok"] = true, ["result"] = result });
        }
    }

    private static string? Text(JsonElement body, string field) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(field, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            }
            : null;

    private static Task RefuseAsync(HttpContext context, int code, string description, JsonObject? parameters = null)
    {
        var body = new JsonObject { ["ok"] = false, ["error_code"] = code, ["description"] = description };
        if (parameters is not null) body["parameters"] = parameters;
        return WriteAsync(context, code, body);
    }

    private static Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }
}

/// <summary>A message that the bot sent.</summary>
/// <param name="Id">Counts from 1.</param>
/// <param name="Chat">The chat it went to.</param>
/// <param name="Text">What it says.</param>
/// <param name="At">When it came.</param>
public sealed record TelegramMessage(int Id, string Chat, string Text, DateTimeOffset At);

/// <summary>What is wrong with a simulated Telegram.</summary>
public enum TelegramFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It answers 429 with <see cref="SimulatedTelegram.RetryAfter"/>.</summary>
    TooMany,

    /// <summary>It answers 500.</summary>
    ServerError,

    /// <summary>It never answers.</summary>
    Hang,

    /// <summary>It answers 200 with a page that is not its own.</summary>
    Page,
}
