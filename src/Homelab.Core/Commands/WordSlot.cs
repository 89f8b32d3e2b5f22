using System.Globalization;

namespace Homelab;

/// <summary>A place in a rule where words may stand: so many of one kind, or options in any order, or all the rest.</summary>
internal sealed class WordSlot
{
    private readonly WordMatcher? _matcher;
    private const int MostFlags = 64;

    private readonly Dictionary<string, Flag>? _flags;

    private WordSlot(int least, int most, WordMatcher? matcher, Dictionary<string, Flag>? flags)
    {
        Least = least;
        Most = most;
        _matcher = matcher;
        _flags = flags;
    }

    /// <summary>The fewest words it takes.</summary>
    internal int Least { get; }

    /// <summary>The most words it takes.</summary>
    internal int Most { get; }

    /// <summary>How narrow it is; 0 for what takes anything, or nothing.</summary>
    internal int Weight => _matcher is { } matcher && Least > 0 ? matcher.Weight : _flags is null && _matcher is null ? -1 : 0;

    /// <summary>The kind of word; null for options and the rest.</summary>
    internal WordMatcher? Matcher => _matcher;

    /// <summary>True for what takes any words to the end.</summary>
    internal bool IsRest => _matcher is null && _flags is null;

    /// <summary>What may stand here, for people.</summary>
    internal string Meaning => _matcher?.Meaning ?? (_flags is null ? "any words" : $"one of the options {string.Join(", ", _flags.Keys)}");

    /// <exception cref="FormatException">It is not well formed; the message says why.</exception>
    internal static WordSlot Of(WordRule rule)
    {
        var matcher = WordMatcher.Of(rule);
        var kinds = (matcher is null ? 0 : 1) + (rule.Flags.Count > 0 ? 1 : 0) + (rule.Rest ? 1 : 0);
        if (kinds != 1) throw new FormatException(kinds == 0 ? "says nothing of the word" : "gives more than one kind of word");
        var (least, most) = CountOf(rule.Count);
        if (rule.Rest) return new WordSlot(0, int.MaxValue, null, null);
        if (rule.Flags.Count == 0) return new WordSlot(least, most, matcher, null);
        if (rule.Flags.Count > MostFlags) throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"has {rule.Flags.Count} options; {MostFlags} are the most"));
        var flags = new Dictionary<string, Flag>(StringComparer.Ordinal);
        foreach (var (name, value) in rule.Flags)
        {
            if (name.Length < 2 || name[0] != '-' || name.Contains('=', StringComparison.Ordinal)) throw new FormatException($"has the option '{name}', which is not of the form -a or --all");
            flags.Add(name, new Flag(1UL << flags.Count, value is null ? null : WordMatcher.Of(value)));
        }

        // An option and its value.
        return new WordSlot(0, flags.Count * 2, null, flags);
    }

    /// <summary>True when one word of the slot's own kind stands there.</summary>
    internal bool Takes(string word) => _matcher is null || _matcher.Matches(word);

    /// <summary>How many words from there on are an option of the slot and its value; 0 when none is, or it was there before.</summary>
    /// <param name="words">The command.</param>
    /// <param name="at">Where to look.</param>
    /// <param name="seen">The options that were there before; the one that is found is added.</param>
    internal int TakeFlag(IReadOnlyList<string> words, int at, ref ulong seen)
    {
        var word = words[at];
        if (_flags is null || word.Length < 2 || word[0] != '-') return 0;
        if (_flags.TryGetValue(word, out var flag))
        {
            if (flag.Value is null) return Add(ref seen, flag) ? 1 : 0;
            return at + 1 < words.Count && flag.Value.Matches(words[at + 1]) && Add(ref seen, flag) ? 2 : 0;
        }

        // --tail=5; and -n5 is -n 5, where -n takes a value.
        var isLong = word.StartsWith("--", StringComparison.Ordinal);
        var end = isLong ? word.IndexOf('=', StringComparison.Ordinal) : 2;
        if (end <= 0 || end >= word.Length || !_flags.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word.AsSpan(0, end), out flag)) return 0;
        return flag.Value?.Matches(word[(isLong ? end + 1 : end)..]) == true && Add(ref seen, flag) ? 1 : 0;
    }

    /// <summary>True for options, whose words are taken by <see cref="TakeFlag"/>.</summary>
    internal bool IsFlags => _flags is not null;

    private static bool Add(ref ulong seen, Flag flag)
    {
        var isNew = (seen & flag.Bit) == 0;
        seen |= flag.Bit;
        return isNew;
    }

    private static (int Least, int Most) CountOf(string count)
    {
        var parts = count.Split("..");
        if (parts.Length is 1 or 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var least)
            && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var most) && least <= most && most > 0)
        {
            return (least, most);
        }

        throw new FormatException($"has the count '{count}', which is not of the form 1, 0..1 or 1..5");
    }

    /// <summary>An option.</summary>
    /// <param name="Bit">Which one of the slot it is.</param>
    /// <param name="Value">What its value may be; null for one without.</param>
    private readonly record struct Flag(ulong Bit, WordMatcher? Value);
}
