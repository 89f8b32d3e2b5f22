namespace Homelab.Providers.Mcp;

/// <summary>What a server sends, up to a number of bytes for a whole talk; and whoever waits for it can stop waiting at any time.</summary>
/// <param name="inner">What it sends.</param>
/// <param name="allowance">How much it may send.</param>
internal sealed class LimitedStream(Stream inner, Allowance allowance) : Stream
{
    private const int ReadSize = 16 * 1024;

    // Its own: a read of a pipe cannot be called back, and may still fill it when nobody waits any more.
    private readonly byte[] _buffer = new byte[ReadSize];

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = inner.ReadAsync(_buffer.AsMemory(0, Math.Min(buffer.Length, ReadSize)), cancellationToken);
        var read = reading.IsCompletedSuccessfully ? reading.Result : await reading.AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        allowance.Take(read);
        _buffer.AsSpan(0, read).CopyTo(buffer.Span);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
