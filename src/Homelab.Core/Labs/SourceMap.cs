namespace Homelab;

/// <summary>A place in a file. Lines and columns count from 1.</summary>
public sealed record SourcePosition(string File, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}:{Column}";
}

/// <summary>Where each value of a document stands, by path: <c>spec.steps[1].with.container</c>.</summary>
public sealed class SourceMap(IReadOnlyDictionary<string, SourcePosition> positions, SourcePosition start)
{
    /// <summary>A map of a document that came from no file.</summary>
    public static SourceMap None { get; } = new(new Dictionary<string, SourcePosition>(StringComparer.Ordinal), new SourcePosition("(memory)", 1, 1));

    /// <summary>The place of a value, or of the nearest value around it.</summary>
    public SourcePosition Of(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        while (path.Length > 0)
        {
            if (positions.TryGetValue(path, out var position)) return position;
            path = path[..Math.Max(0, path.AsSpan().LastIndexOfAny('.', '['))];
        }

        return start;
    }
}

/// <summary>One mistake in a file.</summary>
/// <param name="Position">Where.</param>
/// <param name="Path">The value's path in the document.</param>
/// <param name="Reason">What is wrong, with the value when it is not secret.</param>
/// <param name="WayOut">What was expected, or the nearest valid name.</param>
public sealed record ConfigurationProblem(SourcePosition Position, string Path, string Reason, string WayOut)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Position}: {Path} {Reason}. {WayOut}";
}

/// <summary>A file, or several, that cannot be used, with every mistake at once.</summary>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationProblem> problems)
    : HomelabException(ErrorKind.Invalid, "ConfigurationInvalid", string.Join(Environment.NewLine, problems))
{
    /// <summary>Every mistake, in the order of the files.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; } = problems;
}
