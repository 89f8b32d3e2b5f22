using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Homelab.Providers.Docker;

/// <summary>
/// A compose file with what looks secret hidden behind numbers, and the way back: whoever writes the text again with the numbers in it keeps the secrets without having seen them. Too much is
/// rather hidden than too little.
/// </summary>
internal sealed partial class HiddenSecrets
{
    private const string Name = "[A-Za-z0-9_.-]*(?:pass|pwd|secret|token|credential|auth|dsn|salt|apikey|(?:^|[_.-])key|key)[A-Za-z0-9_.-]*";

    private readonly List<string> _values = [];
    private readonly List<(int Start, int Length)> _spans;

    private HiddenSecrets(string text, List<(int Start, int Length)> spans)
    {
        _spans = spans;
        var shown = new StringBuilder();
        var at = 0;
        foreach (var (start, length) in spans)
        {
            var value = text.Substring(start, length);
            if (!_values.Contains(value, StringComparer.Ordinal)) _values.Add(value);
            shown.Append(text, at, start - at).Append(CultureInfo.InvariantCulture, $"***{_values.IndexOf(value) + 1}***");
            at = start + length;
        }

        Shown = shown.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>The text as it may be shown.</summary>
    internal string Shown { get; }

    /// <summary>How many different secrets are hidden.</summary>
    internal int Count => _values.Count;

    /// <summary>Looks through a text.</summary>
    /// <param name="text">The file.</param>
    /// <param name="document">What it holds, where it can be read: secrets of several lines are found by it.</param>
    internal static HiddenSecrets In(string text, JsonNode? document)
    {
        var hidden = new bool[text.Length];
        foreach (Match match in Placeholder().Matches(text)) Hide(match.Index, match.Length);
        var lines = Lines(text).ToArray();
        for (var i = 0; i < lines.Length; i++)
        {
            var line = text.AsSpan(lines[i].Start, lines[i].Length).ToString();
            if (Assignment().Match(line) is { Success: true } assigned)
            {
                var value = assigned.Groups["value"];
                HideValue(lines[i].Start + value.Index, value.Value);
                // Without a reading nobody knows how far it goes: what is indented deeper is taken for it.
                if (document is null && !IsPlural(assigned.Groups["name"].Value)) HideDeeper(lines, i, Indent(line));
            }

            foreach (Match match in UserInfo().Matches(line)) Hide(lines[i].Start + match.Groups["value"].Index, match.Groups["value"].Length);
            foreach (Match match in Option().Matches(line)) Hide(lines[i].Start + match.Groups["value"].Index, match.Groups["value"].Length);
        }

        foreach (var secret in Secrets(document, isSecret: false).SelectMany(static s => s.Split('\n')).Select(static s => s.Trim()).Where(static s => s.Length >= 4).Distinct(StringComparer.Ordinal))
        {
            for (var at = text.IndexOf(secret, StringComparison.Ordinal); at >= 0; at = text.IndexOf(secret, at + secret.Length, StringComparison.Ordinal)) Hide(at, secret.Length);
        }

        return new HiddenSecrets(text, Spans(hidden, text));

        void Hide(int start, int length) => Array.Fill(hidden, value: true, start, length);

        void HideValue(int start, string value)
        {
            var bare = value.TrimEnd();
            if (IsOpen(bare) || IsHarmless(bare)) return;
            // The quotes around it may be seen.
            var quoted = bare.Length > 1 && bare[0] is '"' or '\'' && bare[^1] == bare[0];
            if (quoted && IsHarmless(bare[1..^1])) return;
            Hide(quoted ? start + 1 : start, quoted ? bare.Length - 2 : bare.Length);
        }

        void HideDeeper((int Start, int Length)[] all, int from, int indent)
        {
            for (var i = from + 1; i < all.Length; i++)
            {
                var line = text.Substring(all[i].Start, all[i].Length);
                if (line.Trim().Length == 0) continue;
                if (Indent(line) <= indent) return;
                Hide(all[i].Start + Indent(line), line.Length - Indent(line));
            }
        }
    }

    /// <summary>The same text with each number as what it stands for; null, with what is wrong, where one stands for nothing.</summary>
    internal (string? Text, string? Problem) Restore(string text, IYamlReader yaml)
    {
        var restored = new StringBuilder();
        var spans = new List<(int Start, int Length, string Number)>();
        var at = 0;
        foreach (Match match in Placeholder().Matches(text))
        {
            var number = int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
            if (number < 1 || number > _values.Count) return (null, $"{match.Value} stands for nothing that was hidden");
            restored.Append(text, at, match.Index - at);
            spans.Add((restored.Length, _values[number - 1].Length, match.Value));
            restored.Append(_values[number - 1]);
            at = match.Index + match.Length;
        }

        var whole = restored.Append(text, at, text.Length - at).ToString();
        if (spans.Count == 0) return (whole, null);
        // Moved to where it would be shown, a secret could be read by reading the file again.
        var again = In(whole, yaml.Read(whole).Document);
        var seen = spans.FirstOrDefault(s => !again._spans.Exists(h => h.Start <= s.Start && s.Start + s.Length <= h.Start + h.Length));
        return seen.Number is null ? (whole, null) : (null, $"{seen.Number} stands for a secret, and where it is put now it could be seen");
    }

    /// <summary>A text of another program, such as what compose says of a mistake, without the secrets.</summary>
    internal string Clean(string text) => _values.Where(static v => v.Length >= 4).OrderByDescending(static v => v.Length).Aggregate(text, static (t, v) => t.Replace(v, Secret.Mask, StringComparison.Ordinal));

    private static IEnumerable<string> Secrets(JsonNode? node, bool isSecret) => node switch
    {
        JsonObject mapping => mapping.SelectMany(static e => Secrets(e.Value, e.Value is JsonValue && IsSecret(e.Key))),
        JsonArray list => list.SelectMany(static i => Secrets(i, isSecret: false)),
        JsonValue value when isSecret => IsHarmless(value.GetValue<string>()) ? [] : [value.GetValue<string>()],
        // KEY=value, over several lines.
        JsonValue value when value.GetValue<string>().Split('=', 2) is [var key, var given] && IsSecret(key) && !IsHarmless(given) => [given],
        _ => [],
    };

    private static bool IsSecret(string key) => !IsPlural(key) && !key.EndsWith("_FILE", StringComparison.OrdinalIgnoreCase) && SecretName().IsMatch(key);

    // The section of that name holds names and places.
    private static bool IsPlural(string key) => key.Trim('"', '\'', ' ', '-') is "secrets";

    // A value that begins here and goes on below.
    private static bool IsOpen(string value) => value.Trim() is "" || value.TrimStart()[0] is '|' or '>';

    // What only names a variable of elsewhere, and answers that are no secrets.
    private static bool IsHarmless(string value) => value.Trim() is "" or "true" or "false" or "yes" or "no" or "null" or "~" or "external" || Variable().IsMatch(value.Trim());

    private static int Indent(string line) => line.Length - line.TrimStart().Length;

    private static IEnumerable<(int Start, int Length)> Lines(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            if (end < 0) end = text.Length;
            yield return (start, (end > start && text[end - 1] == '\r' ? end - 1 : end) - start);
            start = end + 1;
        }
    }

    private static List<(int Start, int Length)> Spans(bool[] hidden, string text)
    {
        var spans = new List<(int Start, int Length)>();
        for (var i = 0; i < hidden.Length;)
        {
            var start = i;
            while (i < hidden.Length && hidden[i] && text[i] is not ('\n' or '\r')) i++;
            if (i > start) spans.Add((start, i - start));
            else i++;
        }

        return spans;
    }

    [GeneratedRegex(@"\*\*\*(?<number>[0-9]{1,4})\*\*\*", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();

    // A comment is no less to be read than a line.
    [GeneratedRegex($@"(?<name>{Name})[""']?\s*[:=](?<![A-Za-z]+://)\s*(?<value>.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Assignment();

    [GeneratedRegex($@"^{Name}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"[A-Za-z][A-Za-z0-9+.-]*://(?<value>[^\s/@""']+)@", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UserInfo();

    [GeneratedRegex($@"--?{Name}[""']?(?:[= ]|,\s*)[""']?(?<value>[^\s""',\]]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Option();

    [GeneratedRegex(@"^\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*\})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
