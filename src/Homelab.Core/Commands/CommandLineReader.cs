using System.Globalization;
using System.Text;

namespace Homelab;

/// <summary>Reads one line, character by character, and stops at the first thing that is more than a word.</summary>
internal ref struct CommandLineReader
{
    private const string Quoted = "If it belongs to a word, put that word in single quotes.";
    private const string OneOnly = "Ask for one command at a time.";

    private readonly string _line;
    private readonly List<string> _words;
    private StringBuilder? _word;
    private int _at;
    private CommandRefusal? _refusal;

    internal CommandLineReader(string line)
    {
        _line = line;
        _words = new List<string>(8);
    }

    internal CommandLine Read()
    {
        if (_line.Length > CommandLine.LongestLine) Refuse(0, "The line", $"has {_line.Length} characters; {CommandLine.LongestLine} are read", "Write a shorter one.");
        while (_refusal is null && _at < _line.Length)
        {
            if (_line[_at] is ' ' or '\t') _at++;
            else ReadWord();
        }

        if (_refusal is null && Check(_words) is { } refusal) _refusal = refusal;
        return _refusal is null ? new CommandLine(_words, null) : new CommandLine([], _refusal);
    }

    /// <summary>What is wrong with words, however they came; null when nothing is.</summary>
    internal static CommandRefusal? Check(IReadOnlyList<string> words)
    {
        if (words.Count == 0) return new CommandRefusal(0, "The line", "names no program", "Write the program and its arguments.");
        if (words.Count > CommandLine.MostWords) return new CommandRefusal(0, "The command", $"has {words.Count} words; {CommandLine.MostWords} are allowed", "Write a shorter one.");
        var first = words[0];
        if (first.Length == 0) return new CommandRefusal(0, "The program", "is an empty word", "Write its name.");
        if (ShellWords.Keywords.Contains(first)) return new CommandRefusal(0, $"'{first}'", "is a keyword of the shell, not a program", "Write a program and its arguments.");
        if (IsAssignment(first)) return new CommandRefusal(0, Shown(first), "sets a variable before the command", "Leave it out: commands run with the environment of the host.");
        long length = 0;
        foreach (var word in words)
        {
            length += word.Length;
            if (!word.AsSpan().ContainsAnyExceptInRange(' ', '~')) continue;
            for (var i = 0; i < word.Length; i++)
            {
                if (Objection(word, i) is { } objection) return objection with { Position = 0 };
                if (char.IsHighSurrogate(word[i])) i++;
            }
        }

        return length > CommandLine.LongestLine ? new CommandRefusal(0, "The command", $"has {length} characters; {CommandLine.LongestLine} are allowed", "Write a shorter one.") : null;
    }

    private void ReadWord()
    {
        // What has no quotes and no marks, as nearly every word, is cut out in one piece.
        var plain = _line.AsSpan(_at).IndexOfAnyExcept(s_plain);
        var end = plain < 0 ? _line.Length : _at + plain;
        if (end == _line.Length || _line[end] is ' ' or '\t')
        {
            _words.Add(_line[_at..end]);
            _at = end;
            return;
        }

        (_word ??= new StringBuilder()).Clear();
        var start = _at;
        while (_refusal is null && _at < _line.Length && _line[_at] is not (' ' or '\t'))
        {
            switch (_line[_at])
            {
                case '\'': ReadSingle(); break;
                case '"': ReadDouble(); break;
                case '\\': ReadEscaped(); break;
                default: ReadBare(isFirst: _at == start); break;
            }
        }

        if (_refusal is null) _words.Add(_word.ToString());
    }

    private void ReadSingle()
    {
        var close = _line.IndexOf('\'', _at + 1);
        if (close < 0)
        {
            Refuse(_at, "'", "begins a quotation that never ends", "Close it.");
            return;
        }

        Append(_at + 1, close);
        _at = close + 1;
    }

    private void ReadDouble()
    {
        var open = _at++;
        while (_refusal is null)
        {
            if (_at >= _line.Length)
            {
                Refuse(open, "\"", "begins a quotation that never ends", "Close it.");
                return;
            }

            switch (_line[_at])
            {
                case '"':
                    _at++;
                    return;
                case '$' or '`':
                    Refuse(_at, Expansion(), "is expanded by a shell, even between double quotes", "Use single quotes if it is meant as it stands.");
                    return;
                case '\\' when _at + 1 < _line.Length && _line[_at + 1] is '$' or '`' or '"' or '\\':
                    _word!.Append(_line[_at + 1]);
                    _at += 2;
                    break;
                default:
                    AppendOne();
                    break;
            }
        }
    }

    private void ReadEscaped()
    {
        if (_at + 1 >= _line.Length)
        {
            Refuse(_at, "\\", "at the end would join the next line", "Leave it out, or quote it.");
            return;
        }

        _at++;
        AppendOne();
    }

    private void ReadBare(bool isFirst)
    {
        var c = _line[_at];
        var (reason, wayOut) = c switch
        {
            ';' => ("ends the command and begins another", OneOnly),
            '&' => Next() == '&' ? ("runs another command after this one", OneOnly) : ("leaves the command running behind", OneOnly),
            '|' => Next() == '|' ? ("runs another command when this one fails", OneOnly) : ("hands the output to another command", "Take the whole output and filter it afterwards."),
            '>' => ("writes the output to a file", "Take the output as the result."),
            '<' => (Next() == '<' ? "begins a here-document" : Next() == '(' ? "runs another command as a file" : "reads the input from a file", Quoted),
            '(' or ')' => ("begins or ends commands of their own", OneOnly),
            '$' or '`' => ("is expanded by a shell", Quoted),
            '*' or '?' or '[' or ']' => ("is a pattern for the names of files", Quoted),
            '{' or '}' => ("is a list of alternatives or a group of commands", Quoted),
            '~' when isFirst || _line[_at - 1] is '=' or ':' => ("stands for a home folder", "Write the folder's path."),
            '#' when isFirst => ("makes a comment of the rest", "Leave the comment out."),
            '!' => ("recalls or inverts commands", Quoted),
            _ => ("", ""),
        };
        if (reason.Length > 0) Refuse(_at, c is '$' or '`' ? Expansion() : Pair(c), reason, wayOut);
        else if (c > '~' && !IsBareLetter()) Refuse(_at, Code(_line, _at), "is no letter of a plain word", Quoted);
        else AppendOne();
    }

    // Letters of any script may stand bare; marks that look like operators, quotes or hyphens of other scripts may not.
    private readonly bool IsBareLetter() =>
        Rune.TryGetRuneAt(_line, _at, out var rune) && Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber;

    private void Append(int from, int to)
    {
        for (_at = from; _refusal is null && _at < to;) AppendOne();
    }

    private void AppendOne()
    {
        if (Objection(_line, _at) is { } objection)
        {
            _refusal = objection;
            return;
        }

        _word!.Append(_line[_at]);
        if (char.IsHighSurrogate(_line[_at])) _word.Append(_line[++_at]);
        _at++;
    }

    // What no word may hold, quoted or not: it ends lines, acts on terminals, or hides what is read.
    private static CommandRefusal? Objection(string text, int at)
    {
        var c = text[at];
        if (c is >= ' ' and <= '~' or '\t') return null;
        if (c is '\n' or '\r') return new CommandRefusal(at + 1, c == '\n' ? "A line break" : "A carriage return", "begins another command", OneOnly);
        if (!Rune.TryGetRuneAt(text, at, out var rune)) return new CommandRefusal(at + 1, $"U+{(int)c:X4}", "is half a character", "Send the text as valid Unicode.");
        if (IsUnseen(rune.Value)) return Unseen(text, at);
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control => new CommandRefusal(at + 1, Code(text, at), "is a control character", "Leave it out."),
            UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => Unseen(text, at),
            UnicodeCategory.SpaceSeparator => new CommandRefusal(at + 1, Code(text, at), "looks like a space and is none", "Write a space."),
            UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => new CommandRefusal(at + 1, Code(text, at), "is no character that everybody reads alike", "Leave it out."),
            _ => null,
        };
    }

    private static CommandRefusal Unseen(string text, int at) => new(at + 1, Code(text, at), "is invisible, and changes how the line is read", "Leave it out.");

    // Letters and marks to Unicode, nothing to the eye: fillers, variation selectors and the like. Whoever agrees to a command must see all of it.
    private static bool IsUnseen(int rune) =>
        rune is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2800 or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xE0100 and <= 0xE01EF);

    // NAME=value and NAME+=value, as a shell reads them before a command.
    private static bool IsAssignment(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0) return false;
        var name = word.AsSpan(0, word[equals - 1] == '+' ? equals - 1 : equals);
        if (name.IsEmpty || char.IsAsciiDigit(name[0])) return false;
        foreach (var c in name)
        {
            if (c != '_' && !char.IsAsciiLetterOrDigit(c)) return false;
        }

        return true;
    }

    private readonly char Next() => _at + 1 < _line.Length ? _line[_at + 1] : '\0';

    private readonly string Pair(char c) => Next() == c || (c is '<' or '>' && Next() is '(' or '&') ? $"'{c}{Next()}'" : $"'{c}'";

    private readonly string Expansion() => _line[_at] == '$' && Next() is '(' or '{' or '\'' or '"' ? $"'${Next()}'" : $"'{_line[_at]}'";

    private static string Code(string text, int at) => Rune.TryGetRuneAt(text, at, out var rune) ? string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}") : string.Create(CultureInfo.InvariantCulture, $"U+{(int)text[at]:X4}");

    private static string Shown(string word) => $"'{ForeignText.Clean(word, 60)}'";

    private void Refuse(int at, string found, string reason, string wayOut) => _refusal ??= new CommandRefusal(found.StartsWith("The ", StringComparison.Ordinal) ? 0 : at + 1, found, reason, wayOut);

    private static readonly System.Buffers.SearchValues<char> s_plain = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:,+@%=^");
}
