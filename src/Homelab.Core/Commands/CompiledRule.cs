namespace Homelab;

/// <summary>A rule made ready to be asked many times. Holds no state.</summary>
internal sealed class CompiledRule
{
    private const string TagPrefix = "tag:";

    private readonly WordSlot[] _slots;
    private readonly int _fixed;
    private readonly string[] _places;
    private readonly string[] _tags;

    private CompiledRule(CommandRule rule, string name, WordSlot[] slots)
    {
        Rule = rule;
        Name = name;
        _slots = slots;
        _fixed = slots.TakeWhile(static s => s is { Least: 1, Most: 1, IsFlags: false }).Count();
        _tags = [.. rule.On.Where(IsTag).Select(static o => o[TagPrefix.Length..])];
        _places = [.. rule.On.Where(static o => !IsTag(o))];
        WordWeight = slots.Sum(static s => s.Weight * 10) + (slots.Any(static s => s.IsRest) ? -5 : 0);
    }

    internal CommandRule Rule { get; }

    internal string Name { get; }

    /// <summary>How narrow its words are, all together.</summary>
    internal int WordWeight { get; }

    /// <summary>How narrow its faces are.</summary>
    internal int FaceWeight => Rule.Faces.Count == 0 ? 0 : 1;

    /// <summary>What its first word may be, for people and for the index.</summary>
    internal IReadOnlyList<string> Programs => Rule.Run[0] is { Word: { } word } ? [word] : Rule.Run[0].Choice;

    /// <exception cref="FormatException">It is not well formed; the message names the word and says why.</exception>
    internal static CompiledRule Of(CommandRule rule, string name)
    {
        if (rule.Run.Count == 0) throw new FormatException("run names no program");
        var slots = new WordSlot[rule.Run.Count];
        for (var i = 0; i < slots.Length; i++)
        {
            try
            {
                slots[i] = WordSlot.Of(rule.Run[i]);
            }
            catch (FormatException e)
            {
                throw new FormatException($"run[{i}] {e.Message}", e);
            }

            if (slots[i].IsRest && i < slots.Length - 1) throw new FormatException($"run[{i}] takes all further words, and is not the last");
        }

        if (slots[0] is not { Least: 1, Most: 1, Matcher: not null }) throw new FormatException("run[0] is the program, and must be one word");
        return new CompiledRule(rule, name, slots);
    }

    /// <summary>How narrow its places are, where they mean this one: 2 for one that is named, 1 for a pattern or a tag, 0 for everything; -1 where the rule does not speak there, or not for that face.</summary>
    internal int PlaceWeight(CommandPlace place)
    {
        if (Rule.Faces.Count > 0 && !Rule.Faces.Contains(place.Face)) return -1;
        var weight = -1;
        foreach (var pattern in _places)
        {
            if (place.Target.IsMeantBy(pattern)) weight = Math.Max(weight, !Wildcard.IsPattern(pattern) ? 2 : pattern is "*" || pattern.EndsWith(":*", StringComparison.Ordinal) ? 0 : 1);
        }

        foreach (var pattern in _tags)
        {
            foreach (var tag in place.Tags)
            {
                if (Wildcard.Matches(pattern, tag)) weight = Math.Max(weight, 1);
            }
        }

        return weight;
    }

    /// <summary>True when these words are what it means.</summary>
    /// <param name="words">The command.</param>
    /// <param name="subject">The slot whose word says what the command is about, and that word; null where none does.</param>
    internal bool Matches(IReadOnlyList<string> words, out (WordMatcher Matcher, string Word)? subject)
    {
        subject = null;
        if (words.Count < _fixed || (words.Count > _fixed && _fixed == _slots.Length)) return false;
        // Where each slot takes one word there is nothing to search for: most rules are told from a command by these.
        for (var i = 0; i < _fixed; i++)
        {
            var matcher = _slots[i].Matcher!;
            if (!matcher.Matches(words[i])) return false;
            if (subject is null && matcher.TargetKind is not null) subject = (matcher, words[i]);
        }

        if (_fixed == _slots.Length) return true;
        if (!new SlotSearch(_slots, words).Find(_fixed, out var found)) return false;
        subject ??= found;
        return true;
    }

    /// <summary>How far these words are what it means, and why no farther.</summary>
    internal (int At, string Why) Explain(IReadOnlyList<string> words)
    {
        var (at, expected) = new SlotSearch(_slots, words).Farthest();
        return (at, at >= words.Count ? $"after {CommandLine.Show(words)} it wants {expected}" : $"word {at + 1}, {CommandLine.Show([words[at]])}, is not {expected}");
    }

    private static bool IsTag(string pattern) => pattern.StartsWith(TagPrefix, StringComparison.OrdinalIgnoreCase);
}
