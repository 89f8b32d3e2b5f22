using System.Buffers.Binary;

namespace Homelab.Providers.Docker;

/// <summary>
/// Takes a log apart, however its bytes were cut on the way. Without a terminal each piece has a head of eight bytes: the stream, three zeros, the length;
/// with one the bytes are the text. Each line begins with its time.
/// </summary>
internal sealed class LogDecoder(bool tty)
{
    private const int HeadLength = 8;
    private const byte Error = 2;
    private const byte EngineError = 3;

    private readonly LogLineBuilder _output = new(LogSource.Output);
    private readonly LogLineBuilder _error = new(LogSource.Error);
    private readonly LogLineBuilder _engine = new(LogSource.Error);
    private readonly byte[] _head = new byte[HeadLength];
    private LogLineBuilder? _current;
    private int _headFilled;
    private uint _left;

    /// <summary>Takes the next bytes, and adds the lines that they complete.</summary>
    /// <exception cref="FormatException">They are no log, or hold an error of the engine.</exception>
    internal void Feed(ReadOnlySpan<byte> bytes, ICollection<LogText> lines)
    {
        if (tty)
        {
            _output.Append(bytes, lines);
            return;
        }

        while (!bytes.IsEmpty)
        {
            if (_left == 0)
            {
                var take = Math.Min(HeadLength - _headFilled, bytes.Length);
                bytes[..take].CopyTo(_head.AsSpan(_headFilled));
                bytes = bytes[take..];
                _headFilled += take;
                if (_headFilled == HeadLength) BeginPiece();
                continue;
            }

            var piece = bytes[..(int)Math.Min(_left, (uint)bytes.Length)];
            bytes = bytes[piece.Length..];
            _left -= (uint)piece.Length;
            if (_current == _engine) Listen(piece);
            else _current!.Append(piece, lines);
        }
    }

    /// <summary>The log has ended: what was begun is a line too.</summary>
    /// <exception cref="FormatException">It ended within a piece, or with an error of the engine.</exception>
    internal void Finish(ICollection<LogText> lines)
    {
        if (_left > 0 || _headFilled > 0) throw new FormatException("it ends within a piece");
        _output.Finish(lines);
        _error.Finish(lines);
        var said = new List<LogText>();
        _engine.Finish(said);
        GiveUp(said);
    }

    private void Listen(ReadOnlySpan<byte> piece)
    {
        var said = new List<LogText>();
        _engine.Append(piece, said);
        GiveUp(said);
    }

    private static void GiveUp(List<LogText> said)
    {
        if (said.Count > 0) throw new FormatException("the engine gave up: " + DockerErrors.Shown(said[0].Text));
    }

    private void BeginPiece()
    {
        _headFilled = 0;
        if (_head[0] > EngineError || _head[1] != 0 || _head[2] != 0 || _head[3] != 0) throw new FormatException("it has no stream heads");
        _left = BinaryPrimitives.ReadUInt32BigEndian(_head.AsSpan(4));
        _current = _head[0] switch
        {
            Error => _error,
            EngineError => _engine,
            _ => _output,
        };
        _current.BeginPiece();
    }
}

/// <summary>A line of a log, before it is known whose.</summary>
internal readonly record struct LogText(LogSource Source, DateTimeOffset? At, string Text);
