using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using Homelab.Host.Mcp.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Homelab.Host.Mcp;

/// <summary>
/// Standard input and output as MCP has them: a message a line. The SDK's own transport drops most lines that are no message without a word, and collects a line without an end in its memory:
/// here each is answered with the error that JSON-RPC has for it, and written down.
/// </summary>
internal sealed class LineTransport : TransportBase
{
    private const byte LineEnd = (byte)'\n';
    private const int BytesPerRead = 65_536;

    private readonly Stream _output;
    private readonly int _limit;
    private readonly LineRefusals _refusals;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _reading;
    private bool _isFirst = true;

    /// <param name="input">Where the client's lines come from.</param>
    /// <param name="output">Where its answers go.</param>
    /// <param name="limit">The longest line, in bytes.</param>
    /// <param name="refusals">Who is told of lines that are no message.</param>
    /// <param name="logs">The log.</param>
    internal LineTransport(Stream input, Stream output, int limit, LineRefusals refusals, ILoggerFactory logs)
        : base("homelab", logs)
    {
        _output = output;
        _limit = limit;
        _refusals = refusals;
        SetConnected();
        _reading = Task.Run(() => ReadAsync(PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: BytesPerRead, leaveOpen: true))));
    }

    public override async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        // Who has closed his end is answered no more.
        if (!IsConnected) return;
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(message, McpJsonUtilities.DefaultOptions), LineEnd];
        await _sending.WaitAsync(cancellationToken);
        try
        {
            _ended.Token.ThrowIfCancellationRequested();
            // Not given up with the message's own end: half a line would spoil the next one. A pipe that nobody reads holds a write for ever, so that the end of all is not waited for.
            await WriteAsync(line).WaitAsync(_ended.Token);
        }
        finally
        {
            _sending.Release();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _reading;
        SetDisconnected();
        // What came in just before the end is read by nobody any more, and would keep its reader from ever being done.
        while (MessageReader.TryRead(out _))
        {
        }
    }

    private async Task WriteAsync(byte[] line)
    {
        await _output.WriteAsync(line, CancellationToken.None);
        await _output.FlushAsync(CancellationToken.None);
    }

    private async Task ReadAsync(PipeReader input)
    {
        Exception? error = null;
        try
        {
            await ReadLinesAsync(input);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // That is how it ends where the client does not end it.
        }
        catch (Exception e)
        {
            // Whoever reads the messages hears of it.
            error = e;
        }

        SetDisconnected(error);
    }

    private async Task ReadLinesAsync(PipeReader input)
    {
        var isTooLong = false;
        while (true)
        {
            // A read of standard input cannot be cancelled; it is left alone, and the process ends over it.
            var read = await input.ReadAsync(CancellationToken.None).AsTask().WaitAsync(_ended.Token);
            var rest = read.Buffer;
            while (rest.PositionOf(LineEnd) is { } end)
            {
                if (!isTooLong) await TakeAsync(rest.Slice(0, end));
                isTooLong = false;
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            if (!isTooLong && rest.Length > _limit)
            {
                // Said at once: its end may never come.
                await TakeAsync(rest);
                isTooLong = true;
            }

            if (read.IsCompleted && !isTooLong) await TakeAsync(rest);
            if (read.IsCompleted) return;
            input.AdvanceTo(isTooLong ? rest.End : rest.Start, rest.End);
        }
    }

    private async Task TakeAsync(ReadOnlySequence<byte> line)
    {
        if (_isFirst) line = WithoutMark(line);
        if (line.Length > _limit)
        {
            await RefuseAsync(line, $"a line of more than {Text(_limit)} bytes", default, LineRefusals.TooLong(_limit));
            return;
        }

        if (IsBlank(line)) return;
        _isFirst = false;
        var read = RpcBody.Parse(line);
        if (read.Refusal is { } refusal) await RefuseAsync(line, $"a line of {Text(line.Length)} bytes", read.Id, refusal);
        else await WriteMessageAsync(read.Message!, _ended.Token);
    }

    private async Task RefuseAsync(ReadOnlySequence<byte> line, string what, RequestId id, RpcRefusal refusal)
    {
        await _refusals.NoteAsync(what, refusal);
        // A call that was cut off, or is too deep, still has somebody who waits for it.
        if (id.Id is null) id = MessageId.In(line);
        try
        {
            await SendMessageAsync(refusal.ToMessage(id), _ended.Token);
        }
        catch (IOException)
        {
            // The client does not listen any more; whether it still says something shows at the next read.
        }
    }

    private static string Text(long bytes) => bytes.ToString(CultureInfo.InvariantCulture);

    private static ReadOnlySequence<byte> WithoutMark(ReadOnlySequence<byte> line)
    {
        // Some programs begin a pipe with a mark of its encoding.
        var reader = new SequenceReader<byte>(line);
        return reader.IsNext([0xEF, 0xBB, 0xBF], advancePast: true) ? reader.UnreadSequence : line;
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.ContainsAnyExcept(" \t\r"u8)) return false;
        }

        return true;
    }
}
