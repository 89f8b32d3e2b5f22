using System.Diagnostics;

namespace Homelab.Providers.Ssh;

/// <summary>The two pipes of one ssh process as one stream, and what it says beside it. Disposing it ends the program on the host.</summary>
internal sealed class SshTalk : Stream, IRemoteTalk
{
    private const int LinesKept = 20;
    private const int LineLength = 300;

    private readonly Process _process;
    private readonly string _mark;
    private readonly TimeSpan _patience;
    private readonly Action _whenDone;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly Queue<string> _words = new();
    private readonly TaskCompletionSource<bool> _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _listening;
    private int _disposed;

    internal SshTalk(Process process, string mark, TimeSpan patience, Action whenDone)
    {
        _process = process;
        _mark = mark;
        _patience = patience;
        _whenDone = whenDone;
        _input = process.StandardInput.BaseStream;
        _output = process.StandardOutput.BaseStream;
        _listening = ListenAsync(process.StandardError);
    }

    public Stream Stream => this;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>True once the program runs; false when ssh ended before.</summary>
    internal Task<bool> BeganAsync(CancellationToken cancellationToken) => _began.Task.WaitAsync(cancellationToken);

    /// <summary>What ssh ended with, where the program did not begin, and its last words.</summary>
    internal async Task<(int ExitCode, string Said)> EndAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        return (_process.ExitCode, await LastWordsAsync().ConfigureAwait(false));
    }

    public async Task<string> LastWordsAsync()
    {
        // A process in the real world ends by the real clock, whatever clock a test has.
        await Task.WhenAny(_listening, Task.Delay(_patience)).ConfigureAwait(false);
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
            // The connection closes the program's input, and the script at the other end sees to the rest.
            try
            {
                _process.Kill();
            }
            catch (InvalidOperationException)
            {
                // It has ended by itself.
            }

            _input.Dispose();
            _output.Dispose();
            _process.Dispose();
            _whenDone();
        }

        base.Dispose(disposing);
    }

    private async Task ListenAsync(StreamReader errors)
    {
        try
        {
            while (await errors.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                if (line == _mark)
                {
                    lock (_words) _words.Clear();
                    _began.TrySetResult(true);
                    continue;
                }

                lock (_words)
                {
                    _words.Enqueue(ForeignText.Clean(line, LineLength));
                    if (_words.Count > LinesKept) _words.Dequeue();
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection was ended while it was listened to: there is nothing more to hear.
        }
        finally
        {
            _began.TrySetResult(false);
        }
    }
}
