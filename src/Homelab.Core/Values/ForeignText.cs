using System.Globalization;
using System.Text;

namespace Homelab;

/// <summary>
/// Makes other systems' texts fit to be stored, logged and shown: one line, a bounded length, and no characters that act on a terminal, reorder
/// what is read or hide from the reader.
/// </summary>
public static class ForeignText
{
    private const char Ellipsis = '…';

    /// <summary>
    /// The same text with control characters and line breaks as blanks, without bidirectional and invisible format characters, trimmed, and at most
    /// <paramref name="maxLength"/> UTF-16 units long. A cut text ends with <c>…</c> and never in half a character.
    /// </summary>
    public static string Clean(string text, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        if (!IsClean(text))
        {
            var clean = new StringBuilder(Math.Min(text.Length, maxLength + 2));
            foreach (var rune in text.EnumerateRunes())
            {
                if (IsBreak(rune)) clean.Append(' ');
                else if (!IsInvisible(rune)) clean.Append(rune.ToString());
                // What comes later is cut anyway; a megabyte of it need not be copied.
                if (clean.Length > maxLength + 2 && clean[0] != ' ') break;
            }

            text = clean.ToString();
        }

        return Cut(text.Trim(), maxLength);
    }

    /// <summary>True when nothing in the text would have to be replaced or removed.</summary>
    public static bool IsClean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return true;
        var index = 0;
        while (index < text.Length)
        {
            if (!Rune.TryGetRuneAt(text, index, out var rune) || IsBreak(rune) || IsInvisible(rune)) return false;
            index += rune.Utf16SequenceLength;
        }

        return true;
    }

    /// <summary>The text, or its beginning and <c>…</c>, at most <paramref name="maxLength"/> UTF-16 units long and never ending in half a character.</summary>
    public static string Cut(string text, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        if (text.Length <= maxLength) return text;
        var length = maxLength - 1;
        if (length > 0 && char.IsHighSurrogate(text[length - 1]) && char.IsLowSurrogate(text[length])) length--;
        return string.Concat(text.AsSpan(0, length), [Ellipsis]);
    }

    private static bool IsBreak(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    // Bidirectional marks, zero-width blanks, tags. The two joiners stay: emoji and several scripts are written with them.
    private static bool IsInvisible(Rune rune) => rune.Value is not (0x200C or 0x200D) && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format;
}
