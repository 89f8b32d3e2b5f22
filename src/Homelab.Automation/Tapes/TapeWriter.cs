using System.Text;
using System.Threading.Channels;

namespace Homelab.Automation.Tapes;

/// <summary>
/// Records alerts on a file, one line of JSON each, behind the back of whoever heals: a disk that is full or slow keeps no alert from being acted on. What was
/// handed over before it is disposed is written.
/// </summary>
public sealed class TapeWriter : IAsyncDisposable
{
    // About a day of a storm; beyond that the disk has been stuck for long.
    private const int MostWaiting = 50_000;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Channel<TapeEntry> _waiting = Channel.CreateBounded<TapeEntry>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly string _path;
    private readonly long _limit;
    private readonly Func<string, string> _redact;
    private readonly Action<string> _trouble;
    private readonly Task _writing;
    private int _troubled;

    /// <param name="path">The file; the older one is beside it, with <c>.1</c> at its end.</param>
    /// <param name="limit">How many bytes it gets before it is begun anew.</param>
    /// <param name="redact">Takes secrets out of a text.</param>
    /// <param name="trouble">Hears once that nothing can be written, until something was again.</param>
    public TapeWriter(string path, long limit, Func<string, string> redact, Action<string> trouble)
    {
        _path = path;
        _limit = limit;
        _redact = redact;
        _trouble = trouble;
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Hands an alert over. Returns at once.</summary>
    public void Write(TapeEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!_waiting.Writer.TryWrite(entry)) Tell($"{MostWaiting} lines wait already");
    }

    /// <summary>Writes what was handed over, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
    }

    private async Task WriteAllAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            try
            {
                await WriteWaitingAsync().ConfigureAwait(false);
                Interlocked.Exchange(ref _troubled, 0);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                Tell(e.Message);
            }
        }
    }

    // Opened for each batch: somebody may have moved the file away, and a disk that was full may not be any more.
    private async Task WriteWaitingAsync()
    {
        var lines = new StringBuilder();
        while (lines.Length < _limit / 4 && _waiting.Reader.TryRead(out var entry)) lines.Append(TapeReading.Write(entry, _redact)).Append('\n');
        var bytes = Encoding.UTF8.GetBytes(lines.ToString());
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
        if (File.Exists(_path) && new FileInfo(_path).Length is > 0 and var length && length + bytes.Length > _limit) File.Move(_path, _path + ".1", overwrite: true);
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        var file = new FileStream(_path, options);
        await using (file.ConfigureAwait(false))
        {
            var start = file.Position;
            try
            {
                await file.WriteAsync(bytes).ConfigureAwait(false);
                await file.FlushAsync().ConfigureAwait(false);
            }
            catch (IOException)
            {
                // Half a line would spoil the next one.
                file.SetLength(start);
                throw;
            }
        }
    }

    private void Tell(string why)
    {
        if (Interlocked.Exchange(ref _troubled, 1) == 0) _trouble($"alerts cannot be recorded on {_path}: {why}. Healing goes on; what comes meanwhile is missing on the tape");
    }
}
