using System.Buffers.Binary;

namespace Homelab.Providers.Docker;

/// <summary>Takes the engine's frames apart, however their bytes were cut on the way: each has a head of eight bytes, which are the stream, three zeros and the length.</summary>
/// <remarks>Engine API: the stream format of <c>POST /containers/{id}/attach</c>; logs and commands without a terminal use it.</remarks>
internal sealed class FrameDecoder(IFrameSink sink)
{
    private const int HeadLength = 8;
    private const byte Error = 2;
    private const byte EngineError = 3;

    private readonly LogLineBuilder _engine = new(LogSource.Error);
    private readonly byte[] _head = new byte[HeadLength];
    private byte _stream;
    private int _headFilled;
    private uint _left;

    /// <summary>Takes the next bytes.</summary>
    /// <exception cref="FormatException">They are no frames, or hold an error of the engine.</exception>
    internal void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_left == 0)
            {
                var take = Math.Min(HeadLength - _headFilled, bytes.Length);
                bytes[..take].CopyTo(_head.AsSpan(_headFilled));
                bytes = bytes[take..];
                _headFilled += take;
                if (_headFilled == HeadLength) BeginFrame();
                continue;
            }

            var piece = bytes[..(int)Math.Min(_left, (uint)bytes.Length)];
            bytes = bytes[piece.Length..];
            _left -= (uint)piece.Length;
            if (_stream == EngineError) Listen(piece);
            else sink.Append(Source, piece);
        }
    }

    /// <summary>The stream has ended.</summary>
    /// <exception cref="FormatException">It ended within a frame, or with an error of the engine.</exception>
    internal void Finish()
    {
        if (_left > 0 || _headFilled > 0) throw new FormatException("it ends within a piece");
        var said = new List<LogText>();
        _engine.Finish(said);
        GiveUp(said);
    }

    private LogSource Source => _stream == Error ? LogSource.Error : LogSource.Output;

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

    private void BeginFrame()
    {
        _headFilled = 0;
        if (_head[0] > EngineError || _head[1] != 0 || _head[2] != 0 || _head[3] != 0) throw new FormatException("it has no stream heads");
        _left = BinaryPrimitives.ReadUInt32BigEndian(_head.AsSpan(4));
        _stream = _head[0];
        if (_stream == EngineError) _engine.BeginPiece();
        else sink.Begin(Source);
    }
}

/// <summary>Takes what was in the frames.</summary>
internal interface IFrameSink
{
    /// <summary>A frame begins.</summary>
    void Begin(LogSource source);

    /// <summary>Bytes of the frame.</summary>
    void Append(LogSource source, ReadOnlySpan<byte> bytes);
}
