using System.Text.RegularExpressions;

namespace Homelab.Providers.Alertmanager;

/// <summary>One condition of a silence, as people write it: <c>service=gitea</c>, <c>severity!="info"</c>, <c>alertname=~"Node.*"</c>.</summary>
internal sealed partial record SilenceMatcher(string Name, string Value, bool IsRegex, bool IsEqual)
{
    internal static SilenceMatcher? Read(string text)
    {
        var match = Form().Match(text);
        if (!match.Success) return null;
        var value = match.Groups["value"].Value;
        if (value.Length > 1 && value[0] == '"' && value[^1] == '"') value = value[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        return match.Groups["sign"].Value switch
        {
            "=" => new SilenceMatcher(match.Groups["name"].Value, value, IsRegex: false, IsEqual: true),
            "!=" => new SilenceMatcher(match.Groups["name"].Value, value, IsRegex: false, IsEqual: false),
            "=~" => new SilenceMatcher(match.Groups["name"].Value, value, IsRegex: true, IsEqual: true),
            _ => new SilenceMatcher(match.Groups["name"].Value, value, IsRegex: true, IsEqual: false),
        };
    }

    public override string ToString() =>
        $"{Name}{(IsEqual ? "=" : "!")}{(IsRegex ? "~" : IsEqual ? "" : "=")}\"{Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    [GeneratedRegex(@"^\s*(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*(?<sign>=~|!~|!=|=)\s*(?<value>[^\r\n]*?)\s*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
