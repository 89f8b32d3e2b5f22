using System.Text;
using System.Text.RegularExpressions;

namespace Homelab.Composition.Deployment;

/// <summary>How values stand in a unit file so that systemd reads back what was meant: escaped where it can be, refused where not.</summary>
/// <remarks>systemd.syntax(7), systemd.service(5) "Command lines", systemd.unit(5) "Specifiers".</remarks>
internal static partial class UnitText
{
    /// <summary>A <c>%</c> begins a specifier in nearly every setting.</summary>
    internal static string Specifiers(string value) => value.Replace("%", "%%", StringComparison.Ordinal);

    /// <summary>One word of a command line, quoted where it must be.</summary>
    internal static string Word(string value)
    {
        if (PlainWord().IsMatch(value)) return value;
        var text = new StringBuilder("\"");
        foreach (var c in Specifiers(value)) text.Append(c is '"' or '\\' ? $"\\{c}" : c.ToString());
        return text.Append('"').ToString();
    }

    /// <summary>The value, if no character in it ends the line or cannot be seen.</summary>
    internal static string Printable(string field, string value) =>
        value is not { Length: > 0 } ? throw Invalid(field, value, "is empty", "Give it a value")
        : value.Any(char.IsControl) ? throw Invalid(field, value, "has a line break or another control character, which would begin a setting of its own", "Rename it")
        : value;

    /// <summary>The value, if it is an absolute path that each setting reads the same way.</summary>
    internal static string Path(string field, string value)
    {
        Printable(field, value);
        if (!value.StartsWith('/')) throw Invalid(field, value, "is not an absolute path", "Write it from the root: /etc/homelab/homelab.yaml");
        if (value.EndsWith('/') || value.Split('/').Skip(1).Any(static p => p is "" or "." or "..")) throw Invalid(field, value, "has an empty part, '.' or '..' in it", "Write it straight");
        // Some settings take them as patterns or escapes, and others strip blanks at the end of a line.
        if (value.IndexOfAny(['\\', '*', '?', '[', ']']) >= 0 || value.EndsWith(' ')) throw Invalid(field, value, "has one of \\ * ? [ ] or ends with a blank", "Rename it");
        return value;
    }

    /// <summary>The value, if it is a path that systemd starts a program from: it takes no quotes there, however they are written.</summary>
    internal static string Program(string field, string value) =>
        Path(field, value).IndexOfAny(['"', '\'']) >= 0 ? throw Invalid(field, value, "has a quote in it, which systemd allows in no program's path", "Rename it") : value;

    /// <summary>The folder as <c>StateDirectory=</c> names it.</summary>
    internal static string StateDirectory(string field, string value)
    {
        const string Parent = "/var/lib/";
        Path(field, value);
        return value.StartsWith(Parent, StringComparison.Ordinal) && PlainPath().IsMatch(value)
            ? value[Parent.Length..]
            : throw Invalid(field, value, "is not a folder below /var/lib of letters, digits, '.', '_' and '-'", "Take one such as /var/lib/homelab: systemd makes it, and nobody else can read it");
    }

    internal static string User(string field, string value) =>
        UserName().IsMatch(value ?? "") ? value! : throw Invalid(field, value, "is not the name of an account", "Take one such as homelab: small letters, digits, '_' and '-'");

    internal static string CredentialName(string field, string value) =>
        PlainPath().IsMatch("/" + value) && !value.Contains('/', StringComparison.Ordinal) && value is not ("." or "..")
            ? value
            : throw Invalid(field, value, "is not the name of a credential", "Take one such as hook-token: letters, digits, '.', '_' and '-'");

    internal static HomelabException Invalid(string field, string? value, string reason, string wayOut) =>
        new(ErrorKind.Invalid, "ServiceUnitInvalid", $"{field} '{Shown(value)}' {reason}. {wayOut}.", value);

    // A line break in the message would tear it apart in every log.
    private static string Shown(string? value) => string.Concat((value ?? "").Select(static c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()));

    [GeneratedRegex(@"^[A-Za-z0-9_./:@,+=-]+\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlainWord();

    [GeneratedRegex(@"^(/[A-Za-z0-9._-]+)+\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlainPath();

    [GeneratedRegex(@"^[a-z_][a-z0-9_-]{0,30}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UserName();
}
