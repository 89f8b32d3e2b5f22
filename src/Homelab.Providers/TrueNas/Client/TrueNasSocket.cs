using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.Providers.TrueNas;

/// <summary>One connection of JSON-RPC 2.0 over a websocket: matches answers with what was asked, whatever the order they come in, and passes over what was not asked for.</summary>
/// <remarks>https://www.jsonrpc.org/specification; truenas/middleware: <c>api/base/server/ws_handler/rpc.py</c>.</remarks>
internal sealed class TrueNasSocket : IAsyncDisposable
{
    private const int LongestMessage = 32 * 1024 * 1024;
    private const int Part = 16 * 1024;
    private static readonly TimeSpan s_alive = TimeSpan.FromSeconds(20);
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 64 };

    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> _asked = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ClientWebSocket _socket = new();
    private Task _reading = Task.CompletedTask;
    private volatile bool _isBroken;
    private long _lastId;

    private TrueNasSocket()
    {
        // Pings of the websocket itself: a peer that is gone shows within two of them, and a proxy between sees that there is life.
        _socket.Options.KeepAliveInterval = s_alive;
        _socket.Options.KeepAliveTimeout = s_alive;
        _socket.Options.CollectHttpResponseDetails = true;
    }

    /// <summary>True once nothing can be asked over it any more.</summary>
    internal bool IsOver => _isBroken || _reading.IsCompleted;

    /// <param name="address">Where it listens, by ws or wss.</param>
    /// <param name="http">What makes the connection, and judges the server's certificate.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="WebSocketException">The server cannot be reached, or breaks off.</exception>
    /// <exception cref="UpgradeRefusedException">It answered, and not with a websocket.</exception>
    internal static async Task<TrueNasSocket> OpenAsync(Uri address, HttpMessageInvoker http, CancellationToken cancellationToken)
    {
        var connection = new TrueNasSocket();
        try
        {
            await connection._socket.ConnectAsync(address, http, cancellationToken).ConfigureAwait(false);
            connection._reading = Task.Run(connection.ReadAsync, CancellationToken.None);
            return connection;
        }
        catch (WebSocketException e) when (connection._socket.HttpStatusCode is not default(HttpStatusCode) and not HttpStatusCode.SwitchingProtocols)
        {
            var status = connection._socket.HttpStatusCode;
            await connection.DisposeAsync().ConfigureAwait(false);
            throw new UpgradeRefusedException(status, e);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Calls a method and waits for the whole answer, <c>result</c> or <c>error</c>. Whoever waits sets the limit.</summary>
    /// <exception cref="WebSocketException">The connection is over.</exception>
    internal async Task<JsonElement> CallAsync(string method, JsonArray parameters, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = answer;
        try
        {
            if (IsOver) throw Lost();
            var message = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters.DeepClone() };
            await SendAsync(JsonSerializer.SerializeToUtf8Bytes(message)).WaitAsync(cancellationToken).ConfigureAwait(false);
            return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _asked.TryRemove(id, out _);
        }
    }

    /// <summary>Breaks it off. Those who wait are told.</summary>
    internal void Abort()
    {
        _isBroken = true;
        _socket.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync().ConfigureAwait(false);
        _socket.Abort();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        // Who still sends has a turn to give back.
        await _sending.WaitAsync().ConfigureAwait(false);
        _leaving.Dispose();
        _sending.Dispose();
    }

    private async Task ReadAsync()
    {
        var message = new ArrayBufferWriter<byte>(Part);
        try
        {
            while (await ReceiveAsync(message).ConfigureAwait(false)) Take(message.WrittenMemory);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or JsonException)
        {
            // The end, whoever made it. Those who wait are told below.
        }
        finally
        {
            _isBroken = true;
            _socket.Abort();
            foreach (var waiting in _asked.Values) waiting.TrySetException(Lost());
        }
    }

    private async Task<bool> ReceiveAsync(ArrayBufferWriter<byte> message)
    {
        message.ResetWrittenCount();
        while (true)
        {
            var part = await _socket.ReceiveAsync(message.GetMemory(Part), _leaving.Token).ConfigureAwait(false);
            if (part.MessageType != WebSocketMessageType.Text) return false;
            message.Advance(part.Count);
            if (part.EndOfMessage) return true;
            if (message.WrittenCount > LongestMessage) return false;
        }
    }

    private void Take(ReadOnlyMemory<byte> message)
    {
        using var json = JsonDocument.Parse(message, s_options);
        var root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("id", out var id)) return;
        if (id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var number) && _asked.TryGetValue(number, out var asked)) asked.TrySetResult(root.Clone());
    }

    // Not to be cancelled by one who asks: in the middle of a message that would end the connection for all who use it.
    private async Task SendAsync(byte[] message)
    {
        var isTurn = false;
        try
        {
            await _sending.WaitAsync(_leaving.Token).ConfigureAwait(false);
            isTurn = true;
            await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, _leaving.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            _isBroken = true;
            _socket.Abort();
            throw Lost(e);
        }
        finally
        {
            if (isTurn) _sending.Release();
        }
    }

    private static WebSocketException Lost(Exception? inner = null) => new(WebSocketError.ConnectionClosedPrematurely, "the connection was closed", inner);
}
