using System.Globalization;
using System.Text;

namespace Homelab.Providers.Docker;

/// <summary>Puts the lines of one stream together from pieces.</summary>
internal sealed class LogLineBuilder(LogSource source)
{
    // A program may write without ever ending a line.
    private const int LineLimit = 64 * 1024;
    private const int ShortestTime = 20;
    private const int LongestTime = 36;

    private readonly List<byte> _line = new(256);
    private readonly List<int> _joints = [];
    private bool _begun;
    private bool _cut;

    /// <summary>A new piece of the stream begins. The engine writes the time before each piece, also where it goes on with a long line.</summary>
    internal void BeginPiece()
    {
        if (_begun && !_cut) _joints.Add(_line.Count);
    }

    internal void Append(ReadOnlySpan<byte> bytes, ICollection<LogText> lines)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            Add(end < 0 ? bytes : bytes[..end]);
            if (end < 0) return;
            lines.Add(Take());
            bytes = bytes[(end + 1)..];
        }
    }

    internal void Finish(ICollection<LogText> lines)
    {
        if (_begun) lines.Add(Take());
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        _begun = true;
        var room = LineLimit - _line.Count;
        if (bytes.Length > room)
        {
            bytes = bytes[..room];
            _cut = true;
        }

        _line.AddRange(bytes);
    }

    private LogText Take()
    {
        for (var i = _joints.Count - 1; i >= 0; i--)
        {
            var rest = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_line)[_joints[i]..];
            if (TryTime(rest, out var length, out _)) _line.RemoveRange(_joints[i], length);
        }

        ReadOnlySpan<byte> line = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_line);
        DateTimeOffset? at = null;
        if (TryTime(line, out var head, out var time))
        {
            at = time;
            line = line[head..];
        }

        // A terminal ends lines with both.
        if (line.EndsWith("\r"u8)) line = line[..^1];
        var text = Encoding.UTF8.GetString(line) + (_cut ? "…" : "");
        _line.Clear();
        _joints.Clear();
        _begun = false;
        _cut = false;
        return new LogText(source, at, text);
    }

    // 2026-11-20T23:40:21.078689856Z and a blank.
    private static bool TryTime(ReadOnlySpan<byte> bytes, out int length, out DateTimeOffset time)
    {
        time = default;
        length = 0;
        if (bytes.Length < ShortestTime || bytes[10] != (byte)'T') return false;
        var blank = bytes[..Math.Min(bytes.Length, LongestTime + 1)].IndexOf((byte)' ');
        if (blank < ShortestTime) return false;
        Span<char> text = stackalloc char[blank];
        for (var i = 0; i < blank; i++) text[i] = (char)bytes[i];
        length = blank + 1;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }
}
