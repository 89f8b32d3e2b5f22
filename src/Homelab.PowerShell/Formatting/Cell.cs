using System.Globalization;
using System.Text.RegularExpressions;

namespace Homelab.PowerShell.Formatting;

/// <summary>
/// What the views of the module show in one place: called from the .Format.ps1xml files. A view shows a text only through here, because texts come
/// from outside and must not command the terminal they are read on.
/// </summary>
public static partial class Cell
{
    private const int LongestText = 4_096;
    private const int LongestLine = 65_536;
    private const int TabWidth = 4;
    private const int SoonDays = 30;
    private const int UrgentDays = 7;

    /// <summary>A text from outside: one line, and nothing in it that acts on the terminal.</summary>
    public static string Text(string? text) => text is null ? "" : ForeignText.Clean(text, LongestText);

    /// <summary>A line of a log: like <see cref="Text(string)"/>, but its indentation stays and its own colours are taken out.</summary>
    public static string Line(string? text)
    {
        var plain = ColourPattern().Replace(text ?? "", "");
        var indent = 0;
        var start = 0;
        while (start < plain.Length && plain[start] is ' ' or '\t') indent += plain[start++] == '\t' ? TabWidth : 1;
        return new string(' ', Math.Min(indent, LongestLine)) + ForeignText.Clean(plain[start..], LongestLine);
    }

    /// <summary>Texts in one line.</summary>
    public static string List(IEnumerable<string>? texts) => Text(string.Join(", ", texts ?? []));

    /// <summary>Names and values in one line, in the order of the names: <c>app=web, tier=critical</c>.</summary>
    public static string Pairs(IReadOnlyDictionary<string, string>? pairs) =>
        List(pairs?.OrderBy(static p => p.Key, StringComparer.Ordinal).Select(static p => $"{p.Key}={p.Value}"));

    /// <summary>A state, in its colour.</summary>
    public static string State(object? state) => state is null ? "" : Tint.Of(state, Text(state.ToString()));

    /// <summary>Whether it is well: a green yes, or a red no.</summary>
    public static string Yes(bool well) => well ? Tint.Good("yes") : Tint.Bad("no");

    /// <summary>A number of bytes: <c>1.5 GiB</c>. Empty where it is not known.</summary>
    public static string Size(long? bytes) => bytes is { } known ? ByteSize.Format(known) : "";

    /// <summary>A limit in bytes, where 0 is none.</summary>
    public static string Limit(long bytes) => bytes == 0 ? "unlimited" : ByteSize.Format(bytes);

    /// <summary>A share: <c>12.5%</c>.</summary>
    public static string Percent(double percent) => percent.ToString("0.0", CultureInfo.InvariantCulture) + "%";

    /// <summary>A fraction of 1, as a share: <c>12.5%</c>. Empty where it is not known.</summary>
    public static string Share(double? fraction) => fraction is { } known ? Percent(known * 100) : "";

    /// <summary>Texts, each on a line of its own.</summary>
    public static string Lines(IEnumerable<string>? texts) => string.Join(Environment.NewLine, (texts ?? []).Select(Line));

    /// <summary>A text of several lines, each on a line of its own.</summary>
    public static string Block(string? text) => Lines((text ?? "").TrimEnd().Split('\n'));

    /// <summary>Days that a certificate has left, in their colour. Empty where there is none.</summary>
    public static string Days(int? days)
    {
        if (days is not { } left) return "";
        var text = $"{left}d";
        return left < UrgentDays ? Tint.Bad(text) : left < SoonDays ? Tint.Warn(text) : Tint.Good(text);
    }

    /// <summary>How long something takes or took, in its two largest units: <c>3d 4h</c>, <c>1.2s</c>, <c>340ms</c>. Empty where it is not known.</summary>
    public static string Span(TimeSpan? span) => span is not { } known ? "" : known < TimeSpan.Zero ? "-" + Length(known.Duration()) : Length(known);

    /// <summary>How long ago, or in how long: <c>12s ago</c>, <c>in 4m</c>. The earliest of all moments stands for never.</summary>
    public static string Age(DateTimeOffset? moment) => Age(moment, TimeProvider.System.GetUtcNow());

    /// <summary>A moment by this machine's clock. The earliest of all moments stands for never.</summary>
    public static string Time(DateTimeOffset? moment) => moment is not { } known ? "" : IsNever(known) ? "never" : known.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A moment as exactly as it is known, by ISO 8601.</summary>
    public static string Exact(DateTimeOffset? moment) => moment is not { } known ? "" : IsNever(known) ? "never" : known.ToString("O", CultureInfo.InvariantCulture);

    internal static string Age(DateTimeOffset? moment, DateTimeOffset now)
    {
        if (moment is not { } known) return "";
        if (IsNever(known)) return "never";
        var age = now - known;
        // Two machines' clocks differ by this much, and what has just happened is no news of the future.
        if (age.Duration() < TimeSpan.FromSeconds(1)) return "now";
        return age > TimeSpan.Zero ? Whole(age) + " ago" : "in " + Whole(age.Duration());
    }

    private static bool IsNever(DateTimeOffset moment) => moment.UtcDateTime == DateTime.MinValue;

    private static string Whole(TimeSpan span) => Length(TimeSpan.FromSeconds(Math.Floor(span.TotalSeconds)));

    private static string Length(TimeSpan span) => span switch
    {
        { Days: > 0 } => Two(span.Days, "d", span.Hours, "h"),
        { Hours: > 0 } => Two(span.Hours, "h", span.Minutes, "m"),
        { Minutes: > 0 } => Two(span.Minutes, "m", span.Seconds, "s"),
        { Seconds: > 0 } => span.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture) + "s",
        { Milliseconds: > 0 } => $"{span.Milliseconds}ms",
        _ when span > TimeSpan.Zero => "<1ms",
        _ => "0s",
    };

    private static string Two(int large, string unit, int small, string next) => small == 0 ? $"{large}{unit}" : $"{large}{unit} {small}{next}";

    [GeneratedRegex("\e\\[[0-9;:]*m", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ColourPattern();
}
