using System.Diagnostics;
using System.Text;

namespace Homelab.Providers.Ssh;

/// <summary>One ssh process that runs one command to its end.</summary>
internal sealed class SshRun : IDisposable
{
    private readonly Process _process;
    private readonly RemoteCommand _command;
    private readonly RemoteLine _line;
    private readonly bool _shares;
    private readonly TimeSpan _patience;
    private readonly KeptOutput _output;
    private readonly KeptOutput _error;
    private readonly CancellationTokenSource _givingUp = new();
    private readonly Task _ended;
    private bool _asked;

    internal SshRun(Process process, RemoteCommand command, RemoteLine line, bool shares, TimeSpan patience)
    {
        _process = process;
        _command = command;
        _line = line;
        _shares = shares;
        _patience = patience;
        _output = new KeptOutput(command.MaxOutput);
        // Our two marks are not the command's.
        _error = new KeptOutput((int)Math.Min(Array.MaxLength, command.MaxOutput + (2L * (line.Mark.Length + 1))));
        _ended = RunAsync();
    }

    internal string Output => Encoding.UTF8.GetString(_output.Kept);

    internal bool Truncated => _output.Overflowed || _error.Overflowed;

    /// <summary>True when the command was asked to end before it did.</summary>
    internal bool Asked => Volatile.Read(ref _asked);

    /// <summary>Waits until it has ended.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the command goes on.</exception>
    internal async Task<SshEnding> EndAsync(CancellationToken cancellationToken)
    {
        await _ended.WaitAsync(cancellationToken).ConfigureAwait(false);
        return SshEnding.Of(_shares, _process.ExitCode, _line.Mark, _error);
    }

    /// <summary>Asks the host to end the command, and waits for that a moment. True when it has ended there.</summary>
    internal async Task<bool> HaltAsync()
    {
        Ask();
        try
        {
            // What a host does in the real world ends by the real clock, whatever clock a test has.
            await _ended.WaitAsync(_patience).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            // The shared connection still holds the pipes: who waits for their end waits for the host.
            _process.Kill();
            await _givingUp.CancelAsync().ConfigureAwait(false);
            await _ended.ConfigureAwait(false);
            return false;
        }
    }

    public void Dispose()
    {
        _process.StandardInput.BaseStream.Dispose();
        _process.StandardOutput.BaseStream.Dispose();
        _process.StandardError.BaseStream.Dispose();
        _process.Dispose();
        _givingUp.Dispose();
    }

    // The script at the other end waits for just this.
    private void Ask()
    {
        if (Interlocked.Exchange(ref _asked, true)) return;
        try
        {
            _process.StandardInput.BaseStream.Dispose();
        }
        catch (IOException)
        {
            // ssh has ended already.
        }
    }

    private async Task RunAsync()
    {
        var whenFull = _command.EndsWhenFull ? (Action)Ask : null;
        var output = _output.ReadAsync(_process.StandardOutput.BaseStream, whenFull, _givingUp.Token);
        var error = _error.ReadAsync(_process.StandardError.BaseStream, whenFull, _givingUp.Token);
        if (_command.Input is { Length: > 0 } input) await FeedAsync(input).ConfigureAwait(false);
        await output.ConfigureAwait(false);
        await error.ConfigureAwait(false);
        await _process.WaitForExitAsync().ConfigureAwait(false);
    }

    private async Task FeedAsync(ReadOnlyMemory<byte> input)
    {
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync(input, _givingUp.Token).ConfigureAwait(false);
            await _process.StandardInput.BaseStream.FlushAsync(_givingUp.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The command ended without reading all of it, as it may, or was asked to end.
        }
    }
}
