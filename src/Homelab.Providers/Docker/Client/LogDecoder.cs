namespace Homelab.Providers.Docker;

/// <summary>
/// Takes a log apart, however its bytes were cut on the way. Without a terminal it comes in the engine's frames; with one the bytes are the text. Each line begins with its time.
/// </summary>
internal sealed class LogDecoder : IFrameSink
{
    private readonly LogLineBuilder _output = new(LogSource.Output);
    private readonly LogLineBuilder _error = new(LogSource.Error);
    private readonly FrameDecoder? _frames;
    private ICollection<LogText> _lines = [];

    internal LogDecoder(bool tty) => _frames = tty ? null : new FrameDecoder(this);

    /// <summary>Takes the next bytes, and adds the lines that they complete.</summary>
    /// <exception cref="FormatException">They are no log, or hold an error of the engine.</exception>
    internal void Feed(ReadOnlySpan<byte> bytes, ICollection<LogText> lines)
    {
        _lines = lines;
        if (_frames is null) _output.Append(bytes, lines);
        else _frames.Feed(bytes);
    }

    /// <summary>The log has ended: what was begun is a line too.</summary>
    /// <exception cref="FormatException">It ended within a piece, or with an error of the engine.</exception>
    internal void Finish(ICollection<LogText> lines)
    {
        _frames?.Finish();
        _output.Finish(lines);
        _error.Finish(lines);
    }

    void IFrameSink.Begin(LogSource source) => Of(source).BeginPiece();

    void IFrameSink.Append(LogSource source, ReadOnlySpan<byte> bytes) => Of(source).Append(bytes, _lines);

    private LogLineBuilder Of(LogSource source) => source is LogSource.Error ? _error : _output;
}

/// <summary>A line of a log, before it is known whose.</summary>
internal readonly record struct LogText(LogSource Source, DateTimeOffset? At, string Text);
