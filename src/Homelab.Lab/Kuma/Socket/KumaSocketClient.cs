using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Homelab.Lab.Kuma;

/// <summary>One connection as the server sees it: Engine.IO 4 and Socket.IO 5 over a websocket.</summary>
internal sealed class KumaSocketClient : IDisposable
{
    private const int PingInterval = 25_000;
    private const int PingTimeout = 20_000;

    // As long as a real one took from the join to its first word; in 2.x whatever comes before it is heard by nobody.
    private static readonly TimeSpan s_silence = TimeSpan.FromMilliseconds(15);

    private readonly Channel<string> _out = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _cut = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly KumaSocketEvents _events;
    private readonly SimulatedKuma _kuma;
    private readonly WebSocket _socket;
    private volatile bool _listens;

    internal KumaSocketClient(SimulatedKuma kuma, WebSocket socket)
    {
        _kuma = kuma;
        _socket = socket;
        _events = new KumaSocketEvents(kuma, this);
        _listens = kuma.Release == KumaRelease.One;
    }

    internal string Id { get; } = Guid.NewGuid().ToString("N")[..20];

    internal Task Ended => _ended.Task;

    internal bool IsLoggedIn { get; set; }

    /// <summary>Ends it in the middle, without a word.</summary>
    internal void Cut()
    {
        try
        {
            _cut.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Tells an event, if it is logged in.</summary>
    internal void Tell(string name, params JsonNode?[] arguments)
    {
        if (IsLoggedIn) Emit(name, arguments);
    }

    internal void Emit(string name, params JsonNode?[] arguments) => _out.Writer.TryWrite("42" + KumaBodies.Stringify(new JsonArray([name, .. arguments.Select(static a => a?.DeepClone())])));

    internal void Answer(long ack, JsonNode answer) => _out.Writer.TryWrite($"43{ack}{KumaBodies.Stringify(new JsonArray(answer))}");

    public void Dispose() => _cut.Dispose();

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cut.Token);
        var writing = WriteAsync(ending.Token);
        try
        {
            _out.Writer.TryWrite($$"""0{"sid":"{{Id}}","upgrades":[],"pingInterval":{{PingInterval}},"pingTimeout":{{PingTimeout}},"maxPayload":1000000}""");
            await ReadAsync(ending.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // It has left, or was cut off.
        }
        finally
        {
            _out.Writer.TryComplete();
            await ending.CancelAsync();
            await writing;
            _socket.Abort();
            _ended.TrySetResult();
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        var text = new StringBuilder();
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (part.MessageType != WebSocketMessageType.Text) return;
            text.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
            if (!part.EndOfMessage) continue;
            var frame = text.ToString();
            text.Clear();
            if (frame is "41" or "1") return;
            if (frame == "40") _ = GreetAsync(cancellationToken);
            else if (frame.StartsWith("42", StringComparison.Ordinal) && _listens) Take(frame[2..]);
        }
    }

    private async Task GreetAsync(CancellationToken cancellationToken)
    {
        _out.Writer.TryWrite($$"""40{"sid":"{{Id}}"}""");
        await Task.Delay(s_silence, _kuma.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listens = true;
        _events.Greet();
    }

    private void Take(string frame)
    {
        var digits = frame.TakeWhile(char.IsAsciiDigit).Count();
        if (digits == 0 || JsonNode.Parse(frame[digits..]) is not JsonArray { Count: > 0 } message) return;
        var name = (string)message[0]!;
        var ack = long.Parse(frame.AsSpan(0, digits), System.Globalization.CultureInfo.InvariantCulture);
        if (_kuma.Refuse is { } refuse && refuse.Event == name)
        {
            Answer(ack, new JsonObject { ["ok"] = false, ["msg"] = refuse.Message });
            return;
        }

        var answer = _events.Take(name, [.. message.Skip(1)]);
        if (_kuma.LoseAnswerTo == name) Cut();
        else if (answer is not null) Answer(ack, answer);
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(PingInterval), _kuma.Time);
            var ping = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            while (true)
            {
                var next = _out.Reader.WaitToReadAsync(cancellationToken).AsTask();
                if (await Task.WhenAny(next, ping) == ping)
                {
                    if (!await ping) return;
                    ping = timer.WaitForNextTickAsync(cancellationToken).AsTask();
                    await SendAsync("2", cancellationToken);
                    continue;
                }

                if (!await next) return;
                while (_out.Reader.TryRead(out var frame)) await SendAsync(frame, cancellationToken);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It has left, or was cut off.
        }
    }

    private Task SendAsync(string frame, CancellationToken cancellationToken) => _socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
}
