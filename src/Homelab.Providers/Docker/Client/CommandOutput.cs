using System.Text;

namespace Homelab.Providers.Docker;

/// <summary>Keeps the beginning of what a command writes, so many bytes of each of its two outputs.</summary>
internal sealed class CommandOutput(int most) : IFrameSink
{
    private readonly List<byte> _output = [];
    private readonly List<byte> _error = [];

    /// <summary>True when more was written than was kept.</summary>
    internal bool Truncated { get; private set; }

    /// <summary>What it wrote to its output.</summary>
    internal string Output => Text(_output);

    /// <summary>What it wrote to its error output.</summary>
    internal string Error => Text(_error);

    void IFrameSink.Begin(LogSource source)
    {
        // Where a frame begins says nothing: the engine cuts as it reads.
    }

    void IFrameSink.Append(LogSource source, ReadOnlySpan<byte> bytes)
    {
        var kept = source is LogSource.Error ? _error : _output;
        var room = most - kept.Count;
        if (bytes.Length > room) Truncated = true;
        kept.AddRange(bytes[..Math.Min(room, bytes.Length)]);
    }

    private string Text(List<byte> kept)
    {
        // Half a character at a cut is left out.
        ReadOnlySpan<byte> bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(kept);
        var isCut = Truncated && kept.Count == most;
        var decoder = Encoding.UTF8.GetDecoder();
        var text = new char[decoder.GetCharCount(bytes, flush: !isCut)];
        return new string(text, 0, decoder.GetChars(bytes, text, flush: !isCut));
    }
}
