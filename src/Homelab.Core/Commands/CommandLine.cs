namespace Homelab;

/// <summary>A command as a person or a model wrote it, read as plain words; or why it is none.</summary>
/// <param name="Words">The program and its arguments; empty when it was refused.</param>
/// <param name="Refusal">What stands in the way; null when the words are all there is.</param>
public sealed record CommandLine(IReadOnlyList<string> Words, CommandRefusal? Refusal)
{
    /// <summary>The longest line that is read, in UTF-16 units.</summary>
    public const int LongestLine = 32_768;

    /// <summary>How many words a command may have.</summary>
    public const int MostWords = 1_000;

    /// <summary>
    /// Reads one simple command: words with the quotes and backslashes of a POSIX shell, and nothing that a shell would act on. Operators, redirections, expansions, patterns, comments,
    /// assignments and keywords are refused wherever a shell would see them, and taken as text where they are quoted.
    /// </summary>
    public static CommandLine Read(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return new CommandLineReader(line).Read();
    }

    /// <summary>Checks words that were never a line, such as a JSON array.</summary>
    public static CommandLine Of(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return CommandLineReader.Check(words) is { } refusal ? new CommandLine([], refusal) : new CommandLine(words, null);
    }

    /// <summary>The words as a shell would have to be given them; safe to show.</summary>
    public static string Show(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        const int Shown = 200;
        return words.Count == 0 ? "" : ForeignText.Clean(ShellWords.Quote([.. words.Select(static w => w.Replace('\0', ' '))]), Shown);
    }
}

/// <summary>Why a text is no plain command.</summary>
/// <param name="Position">Where in the line, counted from 1; 0 where it is the whole.</param>
/// <param name="Found">What was found there: <c>;</c>, <c>$(</c>, <c>U+200B</c>.</param>
/// <param name="Reason">What it would do, or what is wrong with it.</param>
/// <param name="WayOut">What to write instead.</param>
public sealed record CommandRefusal(int Position, string Found, string Reason, string WayOut)
{
    /// <inheritdoc/>
    public override string ToString() => Position > 0 ? $"{Found} at character {Position} {Reason}" : $"{Found} {Reason}";
}
