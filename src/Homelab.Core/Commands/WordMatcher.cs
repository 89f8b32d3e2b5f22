using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;

namespace Homelab;

/// <summary>Says of one word whether it is what a rule means.</summary>
internal abstract class WordMatcher
{
    private const int MostLetters = 255;

    private static readonly SearchValues<char> s_containerLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    private static readonly SearchValues<char> s_unitLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.@:-");

    private static readonly FrozenSet<string> s_unitTypes =
        new[] { "service", "socket", "target", "timer", "mount", "automount", "swap", "path", "slice", "scope", "device" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>How narrow it is: 4 for one word, 3 for a few, 2 for names of a pattern, 1 for all of a kind.</summary>
    internal abstract int Weight { get; }

    /// <summary>What it means, for people: <c>the name of a container</c>.</summary>
    internal abstract string Meaning { get; }

    /// <summary>True for a word that is meant.</summary>
    internal abstract bool Matches(string word);

    /// <summary>What the command is about when this word is in it; null where a word says nothing of that.</summary>
    internal virtual string? TargetKind => null;

    /// <summary>The word's name for that target.</summary>
    internal virtual string TargetName(string word) => word;

    /// <summary>Makes the matcher of a rule's word.</summary>
    /// <returns>Null where a flag has no value.</returns>
    /// <exception cref="FormatException">It is none, or more than one, or not well formed; the message says what.</exception>
    internal static WordMatcher? Of(WordKind kind)
    {
        WordMatcher?[] given =
        [
            kind.Word is { } word ? new Exact(word) : null,
            kind.Choice is { Count: > 0 } choice ? new OneOf(choice) : null,
            kind.Container is { } container ? new ContainerName(container) : null,
            kind.Unit is { } unit ? new UnitName(unit) : null,
            kind.Path is { } path ? new PathBelow(path) : null,
            kind.Number is { } range ? Number.Of(range) : null,
            kind.Like is { } pattern ? new Like(pattern) : null,
        ];
        return given.Count(static g => g is not null) switch
        {
            0 => null,
            1 => given.First(static g => g is not null),
            _ => throw new FormatException("gives more than one kind of word"),
        };
    }

    private sealed class Exact(string word) : WordMatcher
    {
        internal override int Weight => 4;

        internal override string Meaning => $"'{word}'";

        internal override bool Matches(string candidate) => string.Equals(candidate, word, StringComparison.Ordinal);
    }

    private sealed class OneOf(IReadOnlyList<string> words) : WordMatcher
    {
        internal override int Weight => words.Count == 1 ? 4 : 3;

        internal override string Meaning => string.Join(" or ", words.Select(static w => $"'{w}'"));

        internal override bool Matches(string candidate)
        {
            foreach (var word in words)
            {
                if (string.Equals(word, candidate, StringComparison.Ordinal)) return true;
            }

            return false;
        }
    }

    private sealed class ContainerName(string pattern) : WordMatcher
    {
        private readonly bool _isAny = pattern == "*";

        internal override int Weight => WeightOf(pattern);

        internal override string Meaning => _isAny ? "the name of a container" : $"the name of a container like '{pattern}'";

        internal override string TargetKind => "container";

        internal override bool Matches(string word) =>
            word.Length is > 0 and <= MostLetters && char.IsAsciiLetterOrDigit(word[0]) && !word.AsSpan().ContainsAnyExcept(s_containerLetters) && (_isAny || Wildcard.Matches(pattern, word, ignoreCase: false));
    }

    private sealed class UnitName(string pattern) : WordMatcher
    {
        private readonly bool _isAny = pattern == "*";
        private readonly string _full = Full(pattern);

        internal override int Weight => WeightOf(pattern);

        internal override string Meaning => _isAny ? "the name of a systemd unit" : $"the name of a systemd unit like '{pattern}'";

        internal override string TargetKind => "unit";

        internal override string TargetName(string word) => Full(word);

        // systemd allows more (backslash, colon first); what begins with a hyphen would be an option.
        internal override bool Matches(string word) =>
            word.Length is > 0 and <= MostLetters && (char.IsAsciiLetterOrDigit(word[0]) || word[0] == '_') && !word.AsSpan().ContainsAnyExcept(s_unitLetters)
            && (_isAny || Wildcard.Matches(pattern, word, ignoreCase: false) || Wildcard.Matches(_full, Full(word), ignoreCase: false));

        // As systemctl itself understands a name without a type.
        private static string Full(string name) => name.EndsWith('*') || (name.LastIndexOf('.') is >= 0 and var dot && s_unitTypes.Contains(name[(dot + 1)..])) ? name : name + ".service";
    }

    private sealed class PathBelow : WordMatcher
    {
        private readonly string _folder;

        internal PathBelow(string folder)
        {
            if (!IsPlain(folder)) throw new FormatException($"has the path '{folder}', which is not an absolute one without '.', '..' and '//'");
            _folder = folder.Length > 1 ? folder.TrimEnd('/') : folder;
        }

        internal override int Weight => _folder == "/" ? 1 : 2;

        internal override string Meaning => $"a path that is or lies below '{_folder}'";

        internal override bool Matches(string word) =>
            IsPlain(word) && word.StartsWith(_folder, StringComparison.Ordinal) && (_folder.Length == 1 || word.Length == _folder.Length || word[_folder.Length] == '/');

        private static bool IsPlain(string path) =>
            path.StartsWith('/') && !path.Contains("//", StringComparison.Ordinal) && !(path + "/").Contains("/../", StringComparison.Ordinal) && !(path + "/").Contains("/./", StringComparison.Ordinal);
    }

    private sealed class Number(long least, long most) : WordMatcher
    {
        private const int MostDigits = 18;

        internal override int Weight => 2;

        internal override string Meaning => string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}");

        // One way to write each number: a leading zero is octal to some programs, a sign an option to others.
        internal override bool Matches(string word) =>
            word.Length is > 0 and <= MostDigits && !word.AsSpan().ContainsAnyExceptInRange('0', '9') && (word[0] != '0' || word.Length == 1)
            && long.Parse(word, CultureInfo.InvariantCulture) is var number && number >= least && number <= most;

        internal static Number Of(string range)
        {
            var parts = range.Split("..");
            if (parts.Length is 1 or 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var least)
                && long.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var most) && least <= most)
            {
                return new Number(least, most);
            }

            throw new FormatException($"has the number '{range}', which is not of the form 1..1000");
        }
    }

    private sealed class Like(string pattern) : WordMatcher
    {
        internal override int Weight => WeightOf(pattern);

        internal override string Meaning => pattern == "*" ? "any word that is no option" : $"a word like '{pattern}' that is no option";

        internal override bool Matches(string word) => word.Length > 0 && word[0] != '-' && Wildcard.Matches(pattern, word);
    }

    private static int WeightOf(string pattern) => pattern == "*" ? 1 : Wildcard.IsPattern(pattern) ? 2 : 4;
}
