namespace Homelab.Composition.Deployment;

/// <summary>The lines of the shipped unit, which lies in this assembly as it lies in <c>deploy/</c>.</summary>
internal sealed class UnitTemplate
{
    private readonly List<string> _lines = Read();

    /// <summary>Replaces the one line that begins so.</summary>
    internal void Replace(string start, params string[] lines)
    {
        var at = _lines.FindIndex(l => l.StartsWith(start, StringComparison.Ordinal));
        if (at < 0 || _lines.FindLastIndex(l => l.StartsWith(start, StringComparison.Ordinal)) != at) throw new InvalidOperationException($"The shipped unit must have one line '{start}'.");
        _lines.RemoveAt(at);
        _lines.InsertRange(at, lines);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', _lines) + '\n';

    private static List<string> Read()
    {
        using var stream = typeof(UnitTemplate).Assembly.GetManifestResourceStream(ServiceUnit.Name)!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')];
    }
}
