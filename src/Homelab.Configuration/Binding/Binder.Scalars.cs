using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Homelab.Configuration;

/// <content>Single values.</content>
internal sealed partial class Binder
{
    private const string SecretWayOut =
        "Keep the secret elsewhere and refer to it by env:NAME (an environment variable), file:path (beside the lab file) or vault:name. " +
        "If anybody saw this file, change the secret.";

    private const int LongestRepeated = 300;

    private static readonly CultureInfo s_culture = CultureInfo.InvariantCulture;

    private static readonly string[] s_timesOfDay = ["HH:mm", "H:mm", "HH:mm:ss", "H:mm:ss"];

    private static readonly MethodInfo s_parse = typeof(Binder).GetMethod(nameof(Parse), BindingFlags.NonPublic | BindingFlags.Static)!;

    private object? BindScalar(Type type, Node node, string path)
    {
        if (type == typeof(SecretReference)) return BindSecret(node, path);
        if (node is not ScalarNode scalar) return Wrong(node, path, Words.Of(type), $"Write {Words.Of(type)}.");
        if (type == typeof(string)) return scalar.Text;
        if (type == typeof(Uri)) return BindAddress(scalar, path);
        if (TryRead(type, scalar, out var value, out var known)) return value;
        if (!known) return BindParsable(type, scalar, path);
        problems.Add(scalar.Position, path, $"is {ProblemList.Show(scalar.Text)}, not {Words.Of(type)}", WayOut(type, scalar));
        return null;
    }

    private static bool TryRead(Type type, ScalarNode scalar, out object? value, out bool known)
    {
        value = null;
        known = true;
        var text = scalar.Text;
        if (type == typeof(bool)) return Take(scalar.IsPlain & CoreSchema.TryBool(text, out var flag), flag, out value);
        if (type == typeof(long)) return Take(scalar.IsPlain & CoreSchema.TryInteger(text, out var whole), whole, out value);
        if (type == typeof(int)) return Take(scalar.IsPlain & CoreSchema.TryInteger(text, out var number) && number == (int)number, (int)number, out value);
        if (type == typeof(double)) return Take(scalar.IsPlain & CoreSchema.TryNumber(text, out var real), real, out value);
        if (type == typeof(TimeSpan)) return Take(Duration.TryParse(text, out var duration) && duration >= TimeSpan.Zero, duration, out value);
        if (type == typeof(TimeOnly)) return Take(TimeOnly.TryParseExact(text, s_timesOfDay, s_culture, DateTimeStyles.None, out var time), time, out value);
        if (type == typeof(DateTimeOffset)) return Take(DateTimeOffset.TryParse(text, s_culture, DateTimeStyles.AssumeUniversal, out var moment), moment, out value);
        // A number would be accepted by Enum.TryParse and mean nothing to a reader; so would two names with a comma.
        if (type.IsEnum) return Words.Names(type).Contains(text, StringComparer.OrdinalIgnoreCase) && Enum.TryParse(type, text, ignoreCase: true, out value);
        known = false;
        return false;
    }

    private SecretReference? BindSecret(Node node, string path)
    {
        if (node is ScalarNode scalar && SecretReference.TryParse(scalar.Text, CultureInfo.InvariantCulture, out var reference)
            && (reference.Scheme != "env" || VariablePattern().IsMatch(reference.Name)))
        {
            return reference;
        }

        // The value is not repeated, whatever it looks like: it may be the secret.
        problems.Add(node.Position, path, "must be a reference to a secret, not a value (which is not shown here)", SecretWayOut);
        return null;
    }

    private Uri? BindAddress(ScalarNode scalar, string path)
    {
        // On Unix a path that begins with '/' would pass for an absolute file address.
        if (!scalar.Text.Contains("://", StringComparison.Ordinal) || !Uri.TryCreate(scalar.Text, UriKind.Absolute, out var address))
        {
            // What stands before an '@' may be a password.
            var shown = scalar.Text.Contains('@', StringComparison.Ordinal) ? "" : $"{ProblemList.Show(scalar.Text)}, ";
            problems.Add(scalar.Position, path, $"is {shown}not {Words.Of(typeof(Uri))}", WayOut(typeof(Uri), scalar));
            return null;
        }

        if (address.UserInfo.Length == 0) return address;
        problems.Add(
            scalar.Position,
            path,
            "holds a user name or password (which is not shown here)",
            "Remove what stands before the '@'; secrets are given by reference.");
        return null;
    }

    private object? BindParsable(Type type, ScalarNode scalar, string path)
    {
        try
        {
            return s_parse.MakeGenericMethod(type).Invoke(null, [scalar.Text]);
        }
        catch (TargetInvocationException e) when (e.InnerException is FormatException or OverflowException or ArgumentException)
        {
            // The message repeats the text, and that may be as long as the file.
            var why = scalar.Text.Length <= LongestRepeated ? $": {e.InnerException.Message.TrimEnd('.')}" : $", being {scalar.Text.Length} characters long";
            problems.Add(scalar.Position, path, $"cannot be used{why}", $"Give {Words.Of(type)}.");
            return null;
        }
    }

    private static T Parse<T>(string text)
        where T : IParsable<T> =>
        T.Parse(text, CultureInfo.InvariantCulture);

    private static string WayOut(Type type, ScalarNode scalar)
    {
        var text = scalar.Text;
        if (type.IsEnum) return NearestName.Of(text, Words.Names(type)) is { } meant ? $"Did you mean '{meant}'?" : "Write one of these.";
        if (!scalar.IsPlain && (type == typeof(bool) || type == typeof(int) || type == typeof(long) || type == typeof(double))) return "Write it without quotes.";
        if (type == typeof(bool) && text.ToUpperInvariant() is "YES" or "ON" or "Y") return "Did you mean true?";
        if (type == typeof(bool) && text.ToUpperInvariant() is "NO" or "OFF" or "N") return "Did you mean false?";
        if (type == typeof(TimeSpan) && CoreSchema.IsInteger(text) && text.Length < 10) return $"Give the unit as well: {text}s or {text}m.";
        if (type == typeof(Uri) && Uri.CheckHostName(text.Split(':', '/')[0]) != UriHostNameType.Unknown) return "Begin it with http:// or https://.";
        return $"Write {Words.Of(type)}.";
    }

    private static bool Take(bool fits, object? read, out object? value)
    {
        value = fits ? read : null;
        return fits;
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VariablePattern();
}
