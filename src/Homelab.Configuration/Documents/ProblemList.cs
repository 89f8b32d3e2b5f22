using System.Text;

namespace Homelab.Configuration;

/// <summary>Collects every mistake of a document and its included files.</summary>
internal sealed class ProblemList
{
    /// <summary>The path of a problem that is about a file as a whole.</summary>
    internal const string WholeFile = "(file)";

    // A file with more mistakes is not a lab file at all; the rest would only hide the first ones.
    private const int Most = 200;

    // Enough of a value to recognise it, not enough to flood a screen.
    private const int ShownLength = 60;

    private readonly List<string> _files = [];
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly List<ConfigurationProblem> _problems = [];
    private readonly List<ConfigurationProblem> _warnings = [];

    /// <summary>What does not prevent use, in the order of the files.</summary>
    internal IReadOnlyList<ConfigurationProblem> Warnings => InOrder(_warnings);

    /// <summary>The first problem; null when there is none.</summary>
    internal ConfigurationProblem? First => _problems.Count == 0 ? null : InOrder(_problems)[0];

    /// <summary>True when there are more problems than are shown.</summary>
    internal bool IsFlooded => _problems.Count > Most || _warnings.Count > Most;

    /// <summary>A value in quotes, shortened, with control characters made visible.</summary>
    internal static string Show(string value)
    {
        var shown = new StringBuilder("'");
        foreach (var character in value.AsSpan(0, Math.Min(value.Length, ShownLength)))
        {
            shown.Append(char.IsControl(character) || char.IsSurrogate(character) ? '\uFFFD' : character);
        }

        return shown.Append(value.Length > ShownLength ? "…'" : "'").ToString();
    }

    /// <summary>Joins a path and a key.</summary>
    internal static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <summary>Notes that a file is part of the whole; problems are told in the order of this.</summary>
    internal void Enter(string file)
    {
        if (!_files.Contains(file, StringComparer.Ordinal)) _files.Add(file);
    }

    internal void Add(SourcePosition position, string path, string reason, string wayOut)
    {
        _problems.Add(new ConfigurationProblem(position, path.Length == 0 ? WholeFile : path, reason, wayOut));
        _paths.Add(path);
    }

    internal void Warn(SourcePosition position, string path, string reason, string wayOut) =>
        _warnings.Add(new ConfigurationProblem(position, path, reason, wayOut));

    /// <summary>True when a value was found to be missing or wrong before; what follows from that is not said as well.</summary>
    internal bool Has(string path) => _paths.Contains(path);

    /// <summary>True when something inside a value was found to be wrong before.</summary>
    internal bool HasBelow(string path) => _problems.Exists(p => p.Path.StartsWith(path + ".", StringComparison.Ordinal));

    /// <summary>Throws when there is any problem.</summary>
    /// <exception cref="ConfigurationException">There is.</exception>
    internal void ThrowIfAny()
    {
        if (_problems.Count == 0) return;
        var ordered = InOrder(_problems);
        if (ordered.Count <= Most) throw new ConfigurationException(ordered);
        var more = $"has {ordered.Count - Most} more mistakes from here on";
        var last = new ConfigurationProblem(ordered[Most].Position, WholeFile, more, "Mend the ones above first.");
        throw new ConfigurationException([.. ordered.Take(Most), last]);
    }

    private List<ConfigurationProblem> InOrder(IEnumerable<ConfigurationProblem> problems) =>
        [.. problems.OrderBy(p => Rank(p.Position.File)).ThenBy(static p => p.Position.Line).ThenBy(static p => p.Position.Column)];

    // What belongs to no file, such as the environment, comes last.
    private int Rank(string file) => _files.IndexOf(file) is >= 0 and var rank ? rank : int.MaxValue;
}
