using YamlDotNet.Core;

namespace Homelab.Configuration;

/// <content>What the parser could not read, in words for the person who wrote it.</content>
internal sealed partial class DocumentReader
{
    private void AddSyntaxProblem(YamlException error, string text)
    {
        var position = At(error.Start);
        var line = LineOf(text, position.Line);
        var indent = line.AsSpan(0, line.Length - line.AsSpan().TrimStart().Length);
        if (indent.IndexOf('\t') is >= 0 and var tab)
        {
            _problems.Add(position with { Column = tab + 1 }, "", "is indented with a tab, which YAML does not allow", "Indent with spaces.");
            return;
        }

        var message = error.Message.Trim().TrimEnd('.');
        var reason = message.Length == 0 ? "is not valid YAML here" : $"is not valid YAML here: {char.ToLowerInvariant(message[0])}{message[1..]}";
        _problems.Add(position, "", reason, WayOut(line));
    }

    private static string WayOut(string line) =>
        line.AsSpan().TrimStart() switch
        {
            ['@' or '`' or '%' or '*' or '&' or '!', ..] => "Put a text that begins with a mark into quotes.",
            _ when line.Contains(": ", StringComparison.Ordinal) => "Check indentation, brackets and quotes around this line; put a text that holds ': ', '{', '[' or '#' into quotes.",
            _ => "Check indentation, brackets and quotes around this line.",
        };

    private static string LineOf(string text, int number)
    {
        var line = 1;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            if (line++ == number) return text[range].TrimEnd('\r');
        }

        return "";
    }
}
