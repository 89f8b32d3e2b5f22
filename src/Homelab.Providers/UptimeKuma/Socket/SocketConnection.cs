using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Homelab.Providers.UptimeKuma;

/// <summary>
/// One Socket.IO connection over a websocket: joins the main namespace, answers pings, tells events, and matches answers with what was asked, whatever the
/// order they come in. It ends by itself when the server falls silent.
/// </summary>
internal sealed class SocketConnection : IAsyncDisposable
{
    private const int LongestMessage = 64 * 1024 * 1024;
    private const int Part = 16 * 1024;
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> _asked = new();
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _leaving = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ClientWebSocket _socket = new();
    private readonly Action<string, JsonElement> _onEvent;
    private readonly IReadOnlySet<string> _wanted;
    private readonly TimeProvider _time;
    // Until the server has said how often it pings.
    private TimeSpan _longestSilence = TimeSpan.FromSeconds(20);
    private Task _reading = Task.CompletedTask;
    private volatile bool _isBroken;
    private long _lastAck;

    private SocketConnection(IReadOnlySet<string> wanted, Action<string, JsonElement> onEvent, TimeProvider time)
    {
        _wanted = wanted;
        _onEvent = onEvent;
        _time = time;
        // The protocol has pings of its own.
        _socket.Options.KeepAliveInterval = TimeSpan.Zero;
    }

    /// <summary>True once nothing can be asked over it any more. A message that could not be sent tells it before the reading notices.</summary>
    internal bool IsOver => _isBroken || _reading.IsCompleted;

    /// <param name="address">The server's <c>/socket.io/</c>, by ws or wss.</param>
    /// <param name="http">What makes the connection, and judges the server's certificate.</param>
    /// <param name="wanted">The events to tell; all others are passed over unread.</param>
    /// <param name="onEvent">Hears of an event: its name, and its arguments as an array that holds only during the call.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="WebSocketException">The server cannot be reached, speaks something else, or refuses.</exception>
    internal static async Task<SocketConnection> OpenAsync(Uri address, HttpMessageInvoker http, IReadOnlySet<string> wanted, Action<string, JsonElement> onEvent, TimeProvider time, CancellationToken cancellationToken)
    {
        var connection = new SocketConnection(wanted, onEvent, time);
        try
        {
            await connection._socket.ConnectAsync(address, http, cancellationToken).ConfigureAwait(false);
            connection._reading = Task.Run(connection.ReadAsync, CancellationToken.None);
            await connection._joined.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends an event and waits for its answer: the first argument of the acknowledgement. Whoever waits sets the limit: what the server does not know is never answered.</summary>
    /// <exception cref="WebSocketException">The connection is over.</exception>
    internal async Task<JsonElement> AskAsync(string name, IReadOnlyList<object?> arguments, CancellationToken cancellationToken)
    {
        var ack = Interlocked.Increment(ref _lastAck);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[ack] = answer;
        try
        {
            if (IsOver) throw Lost();
            await SendAsync(SocketPacket.Event(ack, name, arguments)).WaitAsync(cancellationToken).ConfigureAwait(false);
            return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _asked.TryRemove(ack, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket.State == WebSocketState.Open)
        {
            await SendAsync(Encoding.UTF8.GetBytes(SocketPacket.Disconnect)).WaitAsync(s_farewell, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _leaving.CancelAsync().ConfigureAwait(false);
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
            while (await ReceiveAsync(message).ConfigureAwait(false))
            {
                if (!await TakeAsync(SocketPacket.Read(message.WrittenMemory)).ConfigureAwait(false)) return;
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or JsonException)
        {
            // The end, whoever made it. Those who wait are told below.
        }
        finally
        {
            // First: whoever is told of the end asks at once for another connection, and must not be given this one.
            _isBroken = true;
            _socket.Abort();
            _joined.TrySetException(Lost());
            foreach (var waiting in _asked.Values) waiting.TrySetException(Lost());
        }
    }

    private async Task<bool> ReceiveAsync(ArrayBufferWriter<byte> message)
    {
        message.ResetWrittenCount();
        using var silence = new CancellationTokenSource(_longestSilence, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, _leaving.Token);
        while (true)
        {
            var part = await _socket.ReceiveAsync(message.GetMemory(Part), either.Token).ConfigureAwait(false);
            if (part.MessageType != WebSocketMessageType.Text) return false;
            message.Advance(part.Count);
            if (part.EndOfMessage) return true;
            if (message.WrittenCount > LongestMessage) return false;
        }
    }

    private async Task<bool> TakeAsync(SocketPacket packet)
    {
        switch (packet.Kind)
        {
            case SocketPacketKind.Open:
                using (var hello = JsonDocument.Parse(packet.Json))
                {
                    _longestSilence = TimeSpan.FromMilliseconds(Number(hello.RootElement, "pingInterval", 25_000) + Number(hello.RootElement, "pingTimeout", 20_000));
                }

                await SendAsync(Encoding.UTF8.GetBytes(SocketPacket.Connect)).ConfigureAwait(false);
                return true;
            case SocketPacketKind.Ping:
                await SendAsync(Encoding.UTF8.GetBytes(SocketPacket.Pong)).ConfigureAwait(false);
                return true;
            case SocketPacketKind.Connect:
                _joined.TrySetResult();
                return true;
            case SocketPacketKind.Ack when packet.Ack is { } number && _asked.TryGetValue(number, out var asked):
                using (var answer = JsonDocument.Parse(packet.Json))
                {
                    asked.TrySetResult(answer.RootElement.ValueKind == JsonValueKind.Array && answer.RootElement.GetArrayLength() > 0 ? answer.RootElement[0].Clone() : default);
                }

                return true;
            case SocketPacketKind.Event when packet.EventName() is { } name && _wanted.Contains(name):
                using (var arguments = JsonDocument.Parse(packet.Json)) _onEvent(name, arguments.RootElement);
                return true;
            case SocketPacketKind.Close or SocketPacketKind.Disconnect or SocketPacketKind.ConnectError:
                return false;
            default:
                return true;
        }
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
            // A connection that breaks in the middle of a message looks to the framework like one that was cancelled.
            _isBroken = true;
            _socket.Abort();
            throw Lost(e);
        }
        finally
        {
            if (isTurn) _sending.Release();
        }
    }

    private static double Number(JsonElement json, string name, double otherwise) => json.TryGetProperty(name, out var value) && value.TryGetDouble(out var number) && number is > 0 and < 3_600_000 ? number : otherwise;

    private static WebSocketException Lost(Exception? inner = null) => new(WebSocketError.ConnectionClosedPrematurely, "the connection was closed", inner);
}
