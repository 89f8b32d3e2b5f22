using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.Telegram;

/// <summary>Telegram's Bot API with one bot that may write to every chat, and people who press its buttons and answer it.</summary>
public sealed partial class SimulatedTelegram : IAsyncDisposable
{
    private const int BotId = 1;

    private readonly string _token;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly List<TelegramMessage> _messages = [];
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

    /// <summary>Everything that was sent, in order, as it reads now.</summary>
    public IReadOnlyCollection<TelegramMessage> Messages
    {
        get
        {
            lock (_lock) return [.. _messages];
        }
    }

    /// <summary>What is wrong with it. Takes effect with the next call.</summary>
    public TelegramFault Fault { get; set; }

    /// <summary>The one chat that the bot was let into; every one when null.</summary>
    public string? OnlyChat { get; set; }

    /// <summary>The server that is told of what people do, in place of whoever asks; null when none is set.</summary>
    public Uri? Webhook { get; set; }

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
            case TelegramFault.HangUp:
                context.Abort();
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
        JsonElement body;
        try
        {
            using var sent = new MemoryStream();
            await context.Request.Body.CopyToAsync(sent, context.RequestAborted);
            body = sent.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(sent.ToArray());
        }
        catch (JsonException)
        {
            await RefuseAsync(context, 400, "Bad Request: can't parse JSON object");
            return;
        }

        // The Bot API does not look at the case of a method's name.
        switch (method.ToUpperInvariant())
        {
            case "GETME":
                await DoneAsync(context, new JsonObject { ["id"] = BotId, ["is_bot"] = true, ["first_name"] = "Homelab", ["username"] = "homelab_bot" });
                break;
            case "GETUPDATES":
                await GiveUpdatesAsync(context, body);
                break;
            case "GETWEBHOOKINFO":
                await DoneAsync(context, new JsonObject { ["url"] = Webhook?.AbsoluteUri ?? "", ["has_custom_certificate"] = false, ["pending_update_count"] = 0 });
                break;
            case "DELETEWEBHOOK":
                Webhook = null;
                await DoneAsync(context, JsonValue.Create(true));
                break;
            case "ANSWERCALLBACKQUERY":
                await TakeAnswerAsync(context, body);
                break;
            case "SENDMESSAGE" or "EDITMESSAGETEXT" or "GETCHAT":
                await InChatAsync(context, method.ToUpperInvariant(), body);
                break;
            default:
                await RefuseAsync(context, 404, "Not Found: method not found");
                break;
        }
    }

    private async Task InChatAsync(HttpContext context, string method, JsonElement body)
    {
        var chat = Text(body, "chat_id");
        if (string.IsNullOrEmpty(chat)) await RefuseAsync(context, 400, "Bad Request: chat_id is empty");
        else if (OnlyChat is { } only && only != chat) await RefuseAsync(context, 400, "Bad Request: chat not found");
        else if (method == "SENDMESSAGE") await TakeAsync(context, chat, body);
        else if (method == "EDITMESSAGETEXT") await EditAsync(context, chat, body);
        else await DoneAsync(context, new JsonObject { ["id"] = chat, ["type"] = "private" });
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

    private static int? Number(JsonElement body, string field) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private static bool Flag(JsonElement body, string field) => body.ValueKind == JsonValueKind.Object && body.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.True;

    private static JsonElement Part(JsonElement body, string field) => body.ValueKind == JsonValueKind.Object && body.TryGetProperty(field, out var value) ? value : default;

    private static Task DoneAsync(HttpContext context, JsonNode? result) => WriteAsync(context, 200, new JsonObject { ["ok"] = true, ["result"] = result });

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
