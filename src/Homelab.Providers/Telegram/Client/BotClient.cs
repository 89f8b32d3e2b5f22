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

    private const int MaxAnswer = 64 * 1024;
    // Seconds, for a refusal that names none, and for one that names nonsense.
    private const int DefaultWait = 60;
    private const int LongestWait = 86_400;
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

    /// <remarks><c>POST /bot{token}/sendMessage</c></remarks>
    internal async Task SendMessageAsync(Secret token, Secret chat, string text, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["chat_id"] = chat.Reveal().Trim(), ["text"] = text };
        var answer = await PostAsync(token, "sendMessage", body, cancellationToken).ConfigureAwait(false);
        if (!answer.Ok) throw Refusal(answer);
    }

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

    private async Task<BotAnswer> PostAsync(Secret token, string method, JsonObject body, CancellationToken cancellationToken)
    {
        var key = token.Reveal().Trim();
        // What is no token could lead the request to another path or server.
        if (!TokenPattern().IsMatch(key)) throw TokenRefused("it does not have the form of one");
        using var deadline = new CancellationTokenSource(s_timeout, _time);
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
            throw Problem(ErrorKind.Timeout, "TelegramNoAnswer", $"did not answer within {Duration.Format(s_timeout)}", "Try again later.");
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
            429 => Problem(ErrorKind.Unavailable, "TelegramBusy", "was told too much", $"Try again in {Duration.Format(TimeSpan.FromSeconds(Math.Clamp(answer.RetryAfter ?? DefaultWait, 1, LongestWait)))}."),
            _ => Problem(ErrorKind.Unavailable, "TelegramUnreachable", $"answered HTTP {answer.Status}{description}", "Try again later."),
        };
    }

    private static string Said(BotAnswer answer) => answer.Description is { Length: > 0 } text ? $": {ForeignText.Clean(text, 200)}" : "";

    private HomelabException TokenRefused(string reason) =>
        Problem(ErrorKind.Denied, "TelegramTokenRefused", $"was not told: the bot's token is refused, {reason}", "Look at notify.telegram.token in the lab file; @BotFather gives tokens.");

    private HomelabException Problem(ErrorKind kind, string id, string what, string wayOut) => new(kind, id, $"Telegram ({_server.Host}) {what}. {wayOut}", Target) { WayOut = wayOut };

    [GeneratedRegex("^[0-9]{1,20}:[A-Za-z0-9_-]{1,100}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TokenPattern();
}
