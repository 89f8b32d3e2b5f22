namespace Homelab;

/// <summary>The operations that a credential is for, whatever its level. Compared by what it says.</summary>
public sealed record OperationScope
{
    private const char Separator = ' ';

    private readonly string[] _patterns;

    private OperationScope(string[] patterns)
    {
        _patterns = patterns;
        Text = string.Join(Separator, patterns);
    }

    /// <summary>Every operation.</summary>
    public static OperationScope All { get; } = new([]);

    /// <summary>The patterns in order, with a space between them; empty for every operation. What stores keep.</summary>
    public string Text { get; }

    /// <summary>Names and patterns of operations, such as <c>docker_*</c>; empty for every operation.</summary>
    public IReadOnlyList<string> Patterns => _patterns;

    /// <summary>Reads names and patterns; none, or a <c>*</c> among them, means every operation.</summary>
    /// <exception cref="HomelabException"><c>ScopeInvalid</c> (Invalid): a pattern holds what no name of an operation can.</exception>
    public static OperationScope Of(IEnumerable<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        string[] given = [.. patterns.Select(static p => p.Trim()).Where(static p => p.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        foreach (var pattern in given)
        {
            if (!pattern.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '*' or '?'))
            {
                throw new HomelabException(ErrorKind.Invalid, "ScopeInvalid", $"'{ForeignText.Clean(pattern, 100)}' names no operation: give names such as docker_restart_container, or patterns such as docker_*.", pattern);
            }
        }

        return given.Length == 0 || given.Contains("*", StringComparer.Ordinal) ? All : new OperationScope(given);
    }

    /// <summary>Reads what <see cref="Text"/> was.</summary>
    public static OperationScope Parse(string? text) => string.IsNullOrEmpty(text) ? All : Of(text.Split(Separator));

    /// <summary>True when an operation is among them.</summary>
    public bool Allows(string operation) => _patterns.Length == 0 || Array.Exists(_patterns, p => Wildcard.Matches(p, operation));

    /// <summary>True when everything that the other allows is certainly allowed here too. A pattern is covered by one with stars that it fits letter for letter, or by itself.</summary>
    public bool Covers(OperationScope other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (_patterns.Length == 0) return true;
        // A ? here would be met by a * there, which means more.
        return other._patterns.Length > 0 && Array.TrueForAll(other._patterns, theirs => Array.Exists(_patterns, ours => ours == theirs || (!ours.Contains('?', StringComparison.Ordinal) && Wildcard.Matches(ours, theirs))));
    }

    /// <inheritdoc/>
    public bool Equals(OperationScope? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    /// <inheritdoc/>
    public override string ToString() => _patterns.Length == 0 ? "all operations" : string.Join(", ", _patterns);
}
