using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Homelab.Configuration;

/// <summary>Writes a text so that YAML reads that very text again, whatever it holds.</summary>
internal static partial class YamlText
{
    // What other readers than ours take for something else than a text.
    private static readonly string[] s_words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

    internal static string Of(string text) => IsPlain(text) ? text : Quoted(text);

    // Far fewer than YAML allows: what people would write without quotes.
    private static bool IsPlain(string text) => PlainPattern().IsMatch(text) && !s_words.Contains(text, StringComparer.OrdinalIgnoreCase);

    // YAML 1.2, chapter 7.3.1.
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
        {
            if (character is '"' or '\\') quoted.Append('\\').Append(character);
            else if (character is >= ' ' and <= '~') quoted.Append(character);
            else if (IsShown(character)) quoted.Append(character);
            else quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
        }

        return quoted.Append('"').ToString();
    }

    // Letters of other scripts stay legible. What is invisible, or two units long, is written as it is only by its number.
    private static bool IsShown(char character) => char.IsLetterOrDigit(character) || (char.IsPunctuation(character) && character > '~');

    [GeneratedRegex(@"\A([A-Za-z][A-Za-z0-9_.@-]*|[0-9]{1,3}(\.[0-9]{1,3}){3})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlainPattern();
}
