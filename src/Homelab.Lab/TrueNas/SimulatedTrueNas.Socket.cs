using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.TrueNas;

/// <content>JSON-RPC 2.0 over a websocket, and who is let in.</content>
public sealed partial class SimulatedTrueNas
{
    private const int LoginsAMinute = 20;

    private readonly ConcurrentDictionary<Guid, CancellationTokenSource> _clients = new();
    private readonly Queue<DateTimeOffset> _logins = new();
    private int _generation;

    /// <summary>How many logins were tried.</summary>
    public int Logins => _calls.Count(static c => c.StartsWith("auth.", StringComparison.Ordinal));

    /// <summary>How many websockets are open.</summary>
    public int Connected => _clients.Count;

    /// <summary>Cuts every connection off, as a restart of it does.</summary>
    public void DropClients()
    {
        foreach (var (_, cut) in _clients) Cut(cut);
    }

    /// <summary>Forgets every login, as it does when a session has lasted too long; the connections stay.</summary>
    public void ForgetLogins() => Interlocked.Increment(ref _generation);

    /// <summary>Somebody else has logged in from here so often that nobody may any more.</summary>
    public void FillLoginLimit()
    {
        lock (_lock)
        {
            for (var i = 0; i < LoginsAMinute; i++) _logins.Enqueue(_time.GetUtcNow());
        }
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var id = Guid.NewGuid();
        _clients[id] = cut;
        try
        {
            await SpeakAsync(socket, cut);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // It has left, or was cut off.
        }
        finally
        {
            _clients.TryRemove(id, out _);
            socket.Abort();
        }
    }

    private async Task SpeakAsync(WebSocket socket, CancellationTokenSource cut)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        int? loggedIn = null;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), cut.Token);
            if (part.MessageType != WebSocketMessageType.Text) return;
            length += part.Count;
            if (!part.EndOfMessage) continue;
            var message = JsonNode.Parse(Encoding.UTF8.GetString(buffer, 0, length))!.AsObject();
            length = 0;
            var method = (string)message["method"]!;
            _calls.Enqueue(method);
            if (CutOffAt == method) return;
            if (Silent == method) continue;
            var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = message["id"]?.DeepClone() };
            try
            {
                var parameters = message["params"]?.AsArray() ?? [];
                if (method.StartsWith("auth.login", StringComparison.Ordinal))
                {
                    var (said, isIn) = Login(method, parameters);
                    if (isIn) loggedIn = _generation;
                    answer["result"] = said;
                }
                else
                {
                    // Nothing but a login is for those who are not logged in.
                    if (loggedIn != _generation) throw NasCallException.Call(207, "ENOTAUTHENTICATED", "[ENOTAUTHENTICATED] Not authenticated");
                    answer["result"] = Do(method, parameters);
                }
            }
            catch (NasCallException e)
            {
                answer["error"] = e.Number == 0
                    ? new JsonObject { ["code"] = e.Code, ["message"] = e.Message }
                    : new JsonObject { ["code"] = e.Code, ["message"] = "Method call error", ["data"] = new JsonObject { ["error"] = e.Number, ["errname"] = e.Name, ["reason"] = e.Message, ["trace"] = null, ["extra"] = null } };
            }

            if (LoseAnswerTo == method) return;
            await socket.SendAsync(Encoding.UTF8.GetBytes(answer.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, cut.Token);
        }
    }

    private (JsonNode Said, bool IsIn) Login(string method, JsonArray parameters)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            while (_logins.TryPeek(out var oldest) && now - oldest >= TimeSpan.FromMinutes(1)) _logins.Dequeue();
            _logins.Enqueue(now);
            if (_logins.Count > LoginsAMinute) throw NasCallException.Call(16, "EBUSY", "[EBUSY] Rate Limit Exceeded");
        }

        if (method == "auth.login_with_api_key") return (parameters[0]!.ToString() == Key, parameters[0]!.ToString() == Key);
        if (method != "auth.login_ex") throw NasCallException.NoMethod();
        var login = parameters[0]!.AsObject();
        var isRight = (string?)login["mechanism"] == "API_KEY_PLAIN" && (string?)login["username"] == User && (string?)login["api_key"] == Key;
        if (isRight && LoginAnswer is { } other) return (new JsonObject { ["response_type"] = other, ["username"] = User }, false);
        return isRight ? (new JsonObject { ["response_type"] = "SUCCESS", ["user_info"] = null, ["authenticator"] = "LEVEL_1" }, true) : (new JsonObject { ["response_type"] = "AUTH_ERR" }, false);
    }

    private static void Cut(CancellationTokenSource cut)
    {
        try
        {
            cut.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }
}
