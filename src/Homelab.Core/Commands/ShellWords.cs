using System.Buffers;
using System.Text;

namespace Homelab;

/// <summary>
/// Writes words so that a shell reads back exactly these words and does nothing else. What is run on a machine is always written anew by this from the words that were decided on:
/// whatever a reader of command lines may have overlooked cannot run.
/// </summary>
public static class ShellWords
{
    // Between single quotes nothing has a meaning to sh, bash, zsh, ash and ksh; to fish the backslash has.
    private static readonly SearchValues<char> s_special = SearchValues.Create("'\\");

    // Not the percent sign: older fish takes %self and %1 for processes.
    private static readonly SearchValues<char> s_plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:,+@");

    /// <summary>What a shell reads as a part of its language where a command begins.</summary>
    internal static IReadOnlySet<string> Keywords { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while", "until", "for", "in", "function", "select", "time", "coproc", "{", "}", "!", "[[", "]]",
    };

    /// <summary>The words as one line of a shell, each quoted where it has to be.</summary>
    /// <exception cref="ArgumentException">There is no word, or one holds NUL, which no program can be given.</exception>
    public static string Quote(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        if (words.Count == 0) throw new ArgumentException("There is no word to write.", nameof(words));
        var line = new StringBuilder();
        foreach (var word in words)
        {
            if (line.Length > 0) line.Append(' ');
            if (line.Length == 0 && Keywords.Contains(word)) line.Append('\'').Append(word).Append('\'');
            else Quote(word, line);
        }

        return line.ToString();
    }

    /// <summary>One word, quoted where it has to be.</summary>
    /// <exception cref="ArgumentException">It holds NUL, which no program can be given.</exception>
    public static string Quote(string word) => Quote([word]);

    private static void Quote(string word, StringBuilder line)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (word.Contains('\0', StringComparison.Ordinal)) throw new ArgumentException("A word holds NUL, which no program can be given.", nameof(word));
        var rest = word.AsSpan();
        // No mark in it has a meaning to any shell, not even that of an assignment.
        if (rest.Length > 0 && !rest.ContainsAnyExcept(s_plain))
        {
            line.Append(rest);
            return;
        }

        if (rest.IsEmpty) line.Append("''");
        while (!rest.IsEmpty)
        {
            var run = rest.IndexOfAny(s_special);
            if (run < 0) run = rest.Length;
            if (run > 0) line.Append('\'').Append(rest[..run]).Append('\'');
            rest = rest[run..];
            // Outside of quotes both are taken by every shell as what follows the backslash.
            for (; !rest.IsEmpty && s_special.Contains(rest[0]); rest = rest[1..]) line.Append('\\').Append(rest[0]);
        }
    }
}
