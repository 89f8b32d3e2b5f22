using System.Text;

namespace Homelab.Lab.Hosts;

/// <summary>Reads a line as a login shell does that only has to read quoted words.</summary>
internal static class ShellLine
{
    /// <summary>The words; null where the line is more than words.</summary>
    internal static string[]? Read(string line)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        for (var i = 0; i < line.Length; i++)
        {
            switch (line[i])
            {
                case '\'' or '"' when line.IndexOf(line[i], i + 1) is var end:
                    // Within double quotes these have a meaning.
                    if (end < 0 || (line[i] == '"' && line.AsSpan(i + 1, end - i - 1).ContainsAny('$', '`', '\\'))) return null;
                    (word ??= new StringBuilder()).Append(line, i + 1, end - i - 1);
                    i = end;
                    break;
                case '\\' when i + 1 < line.Length:
                    (word ??= new StringBuilder()).Append(line[++i]);
                    break;
                case ' ' or '\t' or '\n':
                    End();
                    break;
                case '|' or '&' or ';' or '<' or '>' or '(' or ')' or '$' or '`' or '\\' or '*' or '?' or '[' or '#':
                    return null;
                default:
                    (word ??= new StringBuilder()).Append(line[i]);
                    break;
            }
        }

        End();
        return [.. words];

        void End()
        {
            if (word is not null) words.Add(word.ToString());
            word = null;
        }
    }
}
