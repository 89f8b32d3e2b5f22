using System.Diagnostics;

namespace Homelab.Providers.Docker;

/// <summary>The two pipes of one ssh process as one stream. Disposing it ends the process.</summary>
internal sealed class SshStream : Stream
{
    private const int LinesKept = 20;

    // A process in the real world ends by the real clock, whatever clock a test has.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly SshFiles _files;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly Queue<string> _words = new();
    private readonly Task _listening;
    private int _disposed;

    internal SshStream(Process process, SshFiles files)
    {
        _process = process;
        _files = files;
        _input = process.StandardInput.BaseStream;
        _output = process.StandardOutput.BaseStream;
        _listening = ListenAsync(process.StandardError);
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>What the process wrote to its error output, after it has ended; what there is so far, when it does not end.</summary>
    internal async Task<string> LastWordsAsync()
    {
        await Task.WhenAny(_listening, Task.Delay(s_patience)).ConfigureAwait(false);
        lock (_words) return string.Join('\n', _words);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _output.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => _output.ReadAsync(buffer, offset, count, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => _output.Read(buffer, offset, count);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _input.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => _input.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => _input.Write(buffer, offset, count);

    public override void Flush() => _input.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => _input.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            try
            {
                _process.Kill(entireProcessTree: true);
            }
            catch (InvalidOperationException)
            {
                // It has ended by itself.
            }

            _input.Dispose();
            _output.Dispose();
            _process.Dispose();
            _files.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task ListenAsync(StreamReader errors)
    {
        try
        {
            while (await errors.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                lock (_words)
                {
                    _words.Enqueue(DockerErrors.Shown(line));
                    if (_words.Count > LinesKept) _words.Dequeue();
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection was ended while it was listened to: there is nothing more to hear.
        }
    }
}
