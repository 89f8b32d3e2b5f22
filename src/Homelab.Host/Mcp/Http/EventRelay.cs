using System.Threading.Channels;

namespace Homelab.Host.Mcp.Http;

/// <summary>
/// Stands between the SDK, which takes one listening stream for a whole session, and the client's requests, which break off and come again. Events that nobody fetches are kept up to a
/// bound, the newest ones; whoever sends one never waits for whoever reads it. Nothing is sent twice, so what was on its way when a connection broke is lost.
/// </summary>
internal sealed class EventRelay(TimeProvider time) : Stream
{
    /// <summary>So many events wait for a client that does not listen.</summary>
    internal const int Most = 64;

    /// <summary>A longer one is dropped: what is told here are hints to look anew.</summary>
    internal const int LongestEvent = 16 * 1024;

    private static readonly byte[] s_comment = ":\n\n"u8.ToArray();

    private readonly Channel<byte[]> _events = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly MemoryStream _event = new();
    private CancellationTokenSource? _listener;

    /// <summary>Proxies close what is silent, and only a written byte shows that nobody reads any more.</summary>
    internal static TimeSpan Beat { get; } = TimeSpan.FromSeconds(25);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Passes events on until it is cancelled, or another one listens in its place: that is the same client after its connection broke.</summary>
    internal async Task ListenAsync(Stream client, CancellationToken cancellationToken)
    {
        using var replaced = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (Interlocked.Exchange(ref _listener, replaced) is { } before) await CancelAsync(before);
        try
        {
            await client.FlushAsync(replaced.Token);
            while (true)
            {
                await client.WriteAsync(await NextAsync(replaced.Token), replaced.Token);
                await client.FlushAsync(replaced.Token);
            }
        }
        finally
        {
            Interlocked.CompareExchange(ref _listener, null, replaced);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        // Only as much is taken as shows that it is too long.
        if (_event.Length <= LongestEvent) _event.Write(buffer[..Math.Min(buffer.Length, LongestEvent + 1)]);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer, offset, count);
        return Task.CompletedTask;
    }

    /// <summary>The SDK flushes after each event.</summary>
    public override void Flush()
    {
        if (_event.Length is > 0 and <= LongestEvent) _events.Writer.TryWrite(_event.ToArray());
        _event.SetLength(0);
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Flush();
        return Task.CompletedTask;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static async Task CancelAsync(CancellationTokenSource listener)
    {
        try
        {
            await listener.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It came to its end in the same moment.
        }
    }

    private async Task<byte[]> NextAsync(CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(Beat, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            return await _events.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return s_comment;
        }
    }
}
