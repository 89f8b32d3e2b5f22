using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Homelab.Providers.Telegram;

/// <summary>
/// Telegram's Bot API. The token is part of every address, so no exception of the wire is ever passed on: neither its message nor itself as a cause.
/// </summary>
internal sealed partial class BotClient : IDisposable
{
    internal const string Target = "telegram";

    /// <summary>How long Telegram holds the question for what people do, where nobody does anything.</summary>
    internal static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(50);

    // Ten updates, each with the longest text, the longest text that it answers, and every character escaped.
    private const int MaxAnswer = 2 * 1024 * 1024;
    // Seconds, for a refusal that names none, and for one that names nonsense.
    private const int DefaultWait = 60;
    private const int LongestWait = 86_400;
    private const int MostUpdates = 10;
    private static readonly string[] s_gone = ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"];
    private static readonly Uri s_telegram = new("https://api.telegram.org");
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(15);

    private readonly Uri _server;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    internal BotClient(Uri? server, TimeProvider time)
    {
        _server = server ?? s_telegram;
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            // Activities would carry the address, and the token with it.
            ActivityHeadersPropagator = null,
        })
        {
            MaxResponseContentBufferSize = MaxAnswer,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Sends a text, with what else belongs to the message.</summary>
    /// <returns>The message's id; null where Telegram does not say it.</returns>
    /// <remarks><c>POST /bot{token}/sendMessage</c></remarks>
    internal async Task<long?> SendMessageAsync(Secret token, Secret chat, string text, JsonObject? more, CancellationToken cancellationToken)
    {
        var body = more ?? [];
        body["chat_id"] = chat.Reveal().Trim();
        body["text"] = text;
        var answer = await PostAsync(token, "sendMessage", body, cancellationToken).ConfigureAwait(false);
        return answer.Ok ? answer.MessageId : throw Refusal(answer);
    }

    /// <summary>Says something else in place of a message, with or without buttons. Saying what it says already is well too.</summary>
    /// <remarks><c>POST /bot{token}/editMessageText</c></remarks>
    internal async Task EditMessageAsync(Secret token, Secret chat, long message, string text, JsonObject? buttons, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["chat_id"] = chat.Reveal().Trim(), ["message_id"] = message, ["text"] = text, ["link_preview_options"] = new JsonObject { ["is_disabled"] = true } };
        if (buttons is not null) body["reply_markup"] = buttons;
        var answer = await PostAsync(token, "editMessageText", body, cancellationToken).ConfigureAwait(false);
        if (answer.Ok) return;
        var isBad = (answer.ErrorCode ?? answer.Status) == 400;
        if (isBad && Says(answer, "message is not modified")) return;
        throw isBad && s_gone.Any(gone => Says(answer, gone))
            ? Problem(ErrorKind.NotFound, "TelegramMessageGone", $"cannot change the message any more{Said(answer)}", "It is put anew.")
            : Refusal(answer);
    }

    /// <summary>Tells who pressed a button what came of it.</summary>
    /// <remarks><c>POST /bot{token}/answerCallbackQuery</c></remarks>
    internal async Task AnswerCallbackAsync(Secret token, string query, string text, bool asAlert, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["callback_query_id"] = query, ["text"] = text, ["show_alert"] = asAlert };
        var answer = await PostAsync(token, "answerCallbackQuery", body, cancellationToken).ConfigureAwait(false);
        if (!answer.Ok) throw Refusal(answer);
    }

    /// <summary>Waits for what people do, up to <see cref="LongPoll"/>. What lies before the offset is forgotten by Telegram.</summary>
    /// <remarks><c>POST /bot{token}/getUpdates</c></remarks>
    /// <exception cref="HomelabException"><c>TelegramOtherPoller</c>, <c>TelegramWebhookSet</c> (Conflict): somebody else is told in our place.</exception>
    internal async Task<IReadOnlyList<BotUpdate>> GetUpdatesAsync(Secret token, long? offset, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["timeout"] = (int)LongPoll.TotalSeconds, ["limit"] = MostUpdates, ["allowed_updates"] = new JsonArray("callback_query", "message") };
        if (offset is { } from) body["offset"] = from;
        var answer = await PostAsync(token, "getUpdates", body, cancellationToken, LongPoll + s_timeout).ConfigureAwait(false);
        if (answer.Ok) return answer.Updates ?? throw Refusal(answer);
        throw (answer.ErrorCode ?? answer.Status) == 409 ? await ConflictAsync(token, cancellationToken).ConfigureAwait(false) : Refusal(answer);
    }

    /// <summary>The server that Telegram tells of what people do; null where none is.</summary>
    /// <remarks><c>POST /bot{token}/getWebhookInfo</c></remarks>
    internal async Task<string?> GetWebhookHostAsync(Secret token, CancellationToken cancellationToken)
    {
        var answer = await PostAsync(token, "getWebhookInfo", [], cancellationToken).ConfigureAwait(false);
        if (!answer.Ok) throw Refusal(answer);
        if (answer.Url is not { Length: > 0 } url) return null;
        // Its path may be somebody's secret.
        return Uri.TryCreate(url, UriKind.Absolute, out var server) ? ForeignText.Clean(server.Host, 100) : "a server whose address is odd";
    }

    /// <summary>What it means that a webhook takes what we ask for, and what to do.</summary>
    internal HomelabException WebhookSet(string host) => Problem(
        ErrorKind.Conflict,
        "TelegramWebhookSet",
        $"tells {host} what people answer, by a webhook that is set on this bot, and not us",
        "Make a bot of its own for Homelab with @BotFather; or take the webhook off by the Bot API's deleteWebhook, if nothing needs it.");

    /// <summary>Who the bot is.</summary>
    /// <remarks><c>POST /bot{token}/getMe</c></remarks>
    internal async Task<BotAnswer> GetMeAsync(Secret token, CancellationToken cancellationToken)
    {
        var answer = await PostAsync(token, "getMe", [], cancellationToken).ConfigureAwait(false);
        return answer.Ok ? answer : throw Refusal(answer);
    }

    /// <summary>What the bot knows of a chat.</summary>
    /// <remarks><c>POST /bot{token}/getChat</c></remarks>
    internal async Task<BotAnswer> GetChatAsync(Secret token, Secret chat, CancellationToken cancellationToken)
    {
        var answer = await PostAsync(token, "getChat", new JsonObject { ["chat_id"] = chat.Reveal().Trim() }, cancellationToken).ConfigureAwait(false);
        if (answer.Ok) return answer;
        throw (answer.ErrorCode ?? answer.Status) is 400
            ? Problem(ErrorKind.NotFound, "TelegramChatNotFound", $"knows no such chat{Said(answer)}", "Let somebody in the chat write to the bot first, and look at notify.telegram.chat in the lab file.")
            : Refusal(answer);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HomelabException> ConflictAsync(Secret token, CancellationToken cancellationToken) =>
        await GetWebhookHostAsync(token, cancellationToken).ConfigureAwait(false) is { } host
            ? WebhookSet(host)
            : Problem(ErrorKind.Conflict, "TelegramOtherPoller", "is asked for this bot's updates by another program too, and tells only one of them", "Stop the other one, or give each a bot of its own: @BotFather makes them.");

    private async Task<BotAnswer> PostAsync(Secret token, string method, JsonObject body, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        var key = token.Reveal().Trim();
        // What is no token could lead the request to another path or server.
        if (!TokenPattern().IsMatch(key)) throw TokenRefused("it does not have the form of one");
        var limit = patience ?? s_timeout;
        using var deadline = new CancellationTokenSource(limit, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            var address = new Uri($"{_server.AbsoluteUri.TrimEnd('/')}/bot{key}/{method}");
            using var response = await _http.PostAsync(address, content, linked.Token).ConfigureAwait(false);
            var bytes = await response.Content.ReadAsByteArrayAsync(linked.Token).ConfigureAwait(false);
            return BotAnswer.Read((int)response.StatusCode, bytes);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Problem(ErrorKind.Timeout, "TelegramNoAnswer", $"did not answer within {Duration.Format(limit)}", "Try again later.");
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw Problem(ErrorKind.Unavailable, "TelegramUnreachable", $"cannot be reached ({e.HttpRequestError})", "Look at the connection and try again.");
        }
        catch (IOException)
        {
            throw Problem(ErrorKind.Unavailable, "TelegramUnreachable", "hung up before it had answered", "Try again.");
        }
    }

    private HomelabException Refusal(BotAnswer answer)
    {
        var description = Said(answer);
        return (answer.ErrorCode ?? answer.Status) switch
        {
            401 or 404 => TokenRefused("Telegram does not know it"),
            403 => Problem(ErrorKind.Denied, "TelegramChatRefused", $"lets the bot not write to the chat{description}", "Let somebody in the chat start the bot or add it."),
            400 => Problem(ErrorKind.Invalid, "TelegramMessageRefused", $"refused the message{description}", "Look at notify.telegram.chat in the lab file."),
            429 => Busy(TimeSpan.FromSeconds(Math.Clamp(answer.RetryAfter ?? DefaultWait, 1, LongestWait))),
            _ => Problem(ErrorKind.Unavailable, "TelegramUnreachable", $"answered HTTP {answer.Status}{description}", "Try again later."),
        };
    }

    private HomelabException Busy(TimeSpan wait)
    {
        var wayOut = $"Try again in {Duration.Format(wait)}.";
        return new HomelabException(ErrorKind.Unavailable, "TelegramBusy", $"Telegram ({_server.Host}) was told too much. {wayOut}", Target) { WayOut = wayOut, RetryAfter = wait };
    }

    private static bool Says(BotAnswer answer, string what) => answer.Description?.Contains(what, StringComparison.OrdinalIgnoreCase) is true;

    private static string Said(BotAnswer answer) => answer.Description is { Length: > 0 } text ? $": {ForeignText.Clean(text, 200)}" : "";

    private HomelabException TokenRefused(string reason) =>
        Problem(ErrorKind.Denied, "TelegramTokenRefused", $"was not told: the bot's token is refused, {reason}", "Look at notify.telegram.token in the lab file; @BotFather gives tokens.");

    private HomelabException Problem(ErrorKind kind, string id, string what, string wayOut) => new(kind, id, $"Telegram ({_server.Host}) {what}. {wayOut}", Target) { WayOut = wayOut };

    [GeneratedRegex("^[0-9]{1,20}:[A-Za-z0-9_-]{1,100}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TokenPattern();
}
