using YamlDotNet.Core;

namespace Homelab.Configuration;

/// <content>What the parser could not read, in words for the person who wrote it.</content>
internal sealed partial class DocumentReader
{
    private void AddSyntaxProblem(YamlException error, string text)
    {
        var position = At(error.Start);
        if (TabNear(text, position.Line) is { } tab && (tab.Line == position.Line || error.Message.Contains(" tab ", StringComparison.Ordinal)))
        {
            _problems.Add(tab, "", "is indented with a tab, which YAML does not allow", "Indent with spaces.");
            return;
        }

        var message = error.Message.Trim().TrimEnd('.');
        var reason = message.Length == 0 ? "is not valid YAML here" : $"is not valid YAML here: {char.ToLowerInvariant(message[0])}{message[1..]}";
        _problems.Add(
            position,
            "",
            reason,
            "Check indentation, brackets and quotes here; put a text that begins with a mark, or that holds ': ' or ' #', into quotes.");
    }

    // The parser names the place where the value before the tab began.
    private SourcePosition? TabNear(string text, int from)
    {
        var line = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            if (++line < from) continue;
            var content = text.AsSpan(range);
            var indent = content[..^content.TrimStart().Length];
            if (indent.IndexOf('\t') is >= 0 and var tab) return new SourcePosition(_file, line, tab + 1);
        }

        return null;
    }
}
