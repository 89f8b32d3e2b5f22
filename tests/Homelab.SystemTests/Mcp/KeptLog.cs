using System.Collections.Concurrent;
using System.Text;

namespace Homelab.SystemTests.Mcp;

/// <summary>Keeps the lines of a log, which may be read while others are still written.</summary>
internal sealed class KeptLog : TextWriter
{
    private readonly ConcurrentQueue<string> _lines = new();

    public override Encoding Encoding => Encoding.UTF8;

    internal IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Is told each line, and holds up who writes it as long as it likes.</summary>
    internal Action<string>? Written { get; set; }

    public override void WriteLine(string? value)
    {
        _lines.Enqueue(value ?? "");
        Written?.Invoke(value ?? "");
    }

    public override void Write(char value) => throw new NotSupportedException("A log has whole lines.");

    public override string ToString() => string.Join('\n', _lines);
}
