namespace Homelab;

/// <summary>
/// Looks for a way to lay a command's words into a rule's slots. Every pair of slot and word that led nowhere is remembered, so that the time is bounded by slots × words, whatever
/// somebody writes.
/// </summary>
internal sealed class SlotSearch(IReadOnlyList<WordSlot> slots, IReadOnlyList<string> words)
{
    private ulong[]? _dead;
    private bool _explains;
    private (WordMatcher, string)? _subject;
    private int _farthest = -1;
    private string _expected = "";

    /// <summary>Lays the words, of which the first ones lie already.</summary>
    internal bool Find(int laid, out (WordMatcher Matcher, string Word)? subject)
    {
        var found = Lay(laid, laid);
        subject = _subject;
        return found;
    }

    /// <summary>The first word that no way gets past, and what would have been right there.</summary>
    internal (int At, string Expected) Farthest()
    {
        _explains = true;
        Lay(0, 0);
        return (Math.Max(_farthest, 0), _expected);
    }

    private bool Lay(int slot, int word)
    {
        if (slot == slots.Count)
        {
            if (word == words.Count) return true;
            if (_explains) Note(word, "the end");
            return false;
        }

        if (IsDead(slot, word)) return false;
        var fits = slots[slot] switch
        {
            { IsRest: true } => true,
            { IsFlags: true } => LayFlags(slot, word),
            _ => LayWords(slot, word),
        };
        if (!fits) Bury(slot, word);
        return fits;
    }

    private bool LayWords(int slot, int word)
    {
        var taken = 0;
        while (taken < slots[slot].Most && word + taken < words.Count && slots[slot].Takes(words[word + taken])) taken++;
        if (_explains && taken < slots[slot].Most) Note(word + taken, slots[slot].Meaning);
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
        var seen = 0UL;
        var at = word;
        while (at < words.Count && slots[slot].TakeFlag(words, at, ref seen) is > 0 and var taken) at += taken;
        if (_explains) Note(at, slots[slot].Meaning);
        return Lay(slot + 1, at);
    }

    private bool IsDead(int slot, int word) => _dead is not null && (slot * (words.Count + 1)) + word is var bit && (_dead[bit / 64] & (1UL << (bit % 64))) != 0;

    private void Bury(int slot, int word)
    {
        _dead ??= new ulong[((slots.Count * (words.Count + 1)) + 63) / 64];
        var bit = (slot * (words.Count + 1)) + word;
        _dead[bit / 64] |= 1UL << (bit % 64);
    }

    private void Note(int at, string expected)
    {
        if (at < _farthest) return;
        _expected = at == _farthest && _expected.Length > 0 && !_expected.Contains(expected, StringComparison.Ordinal) ? $"{_expected}, or {expected}" : at == _farthest ? _expected : expected;
        _farthest = at;
    }
}
