using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Homelab.Providers.Scripts;

/// <summary>A script that runs: its output up to a limit, and its end with all that it began.</summary>
internal sealed class ScriptProcess : IDisposable
{
    private const int ReadSize = 16 * 1024;

    // What a script leaves behind may hold its outputs for ever.
    private static readonly TimeSpan s_afterEnd = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly KeptOutput _output;
    private readonly KeptOutput _error;
    private readonly Task _reading;

    private ScriptProcess(Process process, int most)
    {
        _process = process;
        _output = new KeptOutput(most);
        _error = new KeptOutput(most);
        _reading = Task.WhenAll(_output.ReadAsync(process.StandardOutput.BaseStream), _error.ReadAsync(process.StandardError.BaseStream));
    }

    /// <summary>What it has written to its output.</summary>
    internal string Output => _output.ToString();

    /// <summary>What it has written to its error output.</summary>
    internal string Error => _error.ToString();

    /// <summary>True when more was written than was kept.</summary>
    internal bool Truncated => _output.Truncated || _error.Truncated;

    /// <exception cref="HomelabException"><c>PwshNotStarted</c> (Failed): the system does not start it.</exception>
    internal static ScriptProcess Start(ProcessStartInfo start, int most)
    {
        Process process;
        try
        {
            process = Process.Start(start) ?? throw new InvalidOperationException("no process was started");
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw new HomelabException(ErrorKind.Failed, "PwshNotStarted", $"{start.FileName} could not be started: {e.Message.TrimEnd('.')}. Look whether it runs at a prompt.", start.FileName, e) { NothingHappened = true };
        }

        process.StandardInput.Close();
        return new ScriptProcess(process, most);
    }

    /// <summary>Waits for its end. Cancelled, it is ended with all that it began, and that is waited for.</summary>
    /// <returns>Its exit code; null where it was ended.</returns>
    internal async Task<int?> WaitAsync(TimeSpan time, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(time, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        try
        {
            await _process.WaitForExitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            await DrainAsync(clock).ConfigureAwait(false);
            return null;
        }

        await DrainAsync(clock).ConfigureAwait(false);
        return _process.ExitCode;
    }

    public void Dispose() => _process.Dispose();

    private async Task DrainAsync(TimeProvider clock) => await Task.WhenAny(_reading, Task.Delay(s_afterEnd, clock)).ConfigureAwait(false);

    private sealed class KeptOutput(int most)
    {
        private readonly List<byte> _kept = [];
        private readonly Lock _lock = new();

        internal bool Truncated { get; private set; }

        internal async Task ReadAsync(Stream stream)
        {
            var buffer = new byte[ReadSize];
            try
            {
                while (await stream.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var read) Keep(buffer.AsSpan(0, read));
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // Nobody listens any more: the script has ended, and what it left behind went on writing.
            }
        }

        private void Keep(ReadOnlySpan<byte> bytes)
        {
            lock (_lock)
            {
                var room = most - _kept.Count;
                if (bytes.Length > room) Truncated = true;
                _kept.AddRange(bytes[..Math.Min(room, bytes.Length)]);
            }
        }

        /// <inheritdoc/>
        public override string ToString()
        {
            lock (_lock)
            {
                // Half a character at a cut is left out.
                ReadOnlySpan<byte> bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_kept);
                var decoder = Encoding.UTF8.GetDecoder();
                var text = new char[decoder.GetCharCount(bytes, flush: !Truncated)];
                return new string(text, 0, decoder.GetChars(bytes, text, flush: !Truncated));
            }
        }
    }
}
