namespace Homelab;

/// <summary>
/// Looks for a way to lay a command's words into a rule's slots. Every pair of slot and word that led nowhere is remembered, so that the time is bounded by slots × words, whatever
/// somebody writes.
/// </summary>
internal sealed class SlotSearch(IReadOnlyList<WordSlot> slots, IReadOnlyList<string> words)
{
    private readonly HashSet<(int Slot, int Word)> _dead = [];
    private (WordMatcher, string)? _subject;
    private int _farthest = -1;
    private string _expected = "";

    internal bool Find(out (WordMatcher Matcher, string Word)? subject)
    {
        var found = Lay(0, 0);
        subject = _subject;
        return found;
    }

    /// <summary>The first word that no way gets past, and what would have been right there.</summary>
    internal (int At, string Expected) Farthest()
    {
        Lay(0, 0);
        return (Math.Max(_farthest, 0), _expected);
    }

    private bool Lay(int slot, int word)
    {
        if (slot == slots.Count)
        {
            if (word == words.Count) return true;
            Note(word, "the end");
            return false;
        }

        if (_dead.Contains((slot, word))) return false;
        var fits = slots[slot] switch
        {
            { IsRest: true } => true,
            { IsFlags: true } => LayFlags(slot, word),
            _ => LayWords(slot, word),
        };
        if (!fits) _dead.Add((slot, word));
        return fits;
    }

    private bool LayWords(int slot, int word)
    {
        var taken = 0;
        while (taken < slots[slot].Most && word + taken < words.Count && slots[slot].Takes(words[word + taken])) taken++;
        if (taken < slots[slot].Most) Note(word + taken, slots[slot].Meaning);
        // The most first, as a reader would lay them.
        for (; taken >= slots[slot].Least; taken--)
        {
            if (!Lay(slot + 1, word + taken)) continue;
            if (taken > 0 && slots[slot].Matcher is { TargetKind: not null } matcher) _subject = (matcher, words[word]);
            return true;
        }

        return false;
    }

    private bool LayFlags(int slot, int word)
    {
        // An option belongs to its options: what looks like one and is none of them ends the slot, and is not tried as anything else by giving words back.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var at = word;
        while (at < words.Count && slots[slot].TakeFlag(words, at, seen) is > 0 and var taken) at += taken;
        Note(at, slots[slot].Meaning);
        return Lay(slot + 1, at);
    }

    private void Note(int at, string expected)
    {
        if (at < _farthest) return;
        _expected = at == _farthest && _expected.Length > 0 && !_expected.Contains(expected, StringComparison.Ordinal) ? $"{_expected}, or {expected}" : at == _farthest ? _expected : expected;
        _farthest = at;
    }
}
