using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Homelab;

/// <summary>
/// Names a unit of systemd: <c>nginx</c>, which is <c>nginx.service</c>, <c>certbot.timer</c>, <c>getty@tty1.service</c>. Written with its suffix it may say its host too, as units are shown:
/// <c>nginx.service@dev</c>. Without one the <c>@</c> belongs to the name.
/// </summary>
[JsonConverter(typeof(ReferenceAsText<UnitRef>))]
public sealed partial record UnitRef : IParsable<UnitRef>
{
    private const string Service = ".service";

    // systemd's own limit is 255, with the suffix that may be added here.
    private const int LongestName = 247;

    private const int ShownLength = 80;

    /// <param name="text">A unit's name. Without the suffix of a type it is a service.</param>
    /// <exception cref="FormatException">The text is no unit's name; the message says why.</exception>
    public UnitRef(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var placed = Placed().Match(text);
        var name = placed.Success ? placed.Groups["name"].Value : text;
        // What begins with a hyphen would be taken for an option; systemd itself begins only slices and the mount of the root so, which nobody restarts.
        if (name.Length > LongestName || !Form().IsMatch(name))
        {
            throw new FormatException($"'{ForeignText.Clean(text, ShownLength)}' is no name of a unit: letters, digits and : _ . @ \\ -, beginning with a letter, a digit or '_', such as nginx or certbot.timer");
        }

        Name = Suffix().IsMatch(name) ? name : name + Service;
        Host = placed.Success ? placed.Groups["host"].Value : null;
    }

    /// <param name="unit">A unit that was listed.</param>
    public UnitRef(HostUnit unit)
        : this((unit ?? throw new ArgumentNullException(nameof(unit))).ToString())
    {
    }

    /// <summary>The whole name, with its suffix.</summary>
    public string Name { get; }

    /// <summary>The host as the lab file names it, when given.</summary>
    public string? Host { get; }

    /// <inheritdoc/>
    public static UnitRef Parse(string s, IFormatProvider? provider) => new(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out UnitRef result) => ReferenceText.TryRead(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Host is null ? Name : $"{Name}@{Host}";

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9:_.\\@-]*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();

    [GeneratedRegex(@"\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Suffix();

    [GeneratedRegex(@"^(?<name>.+\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope))@(?<host>[A-Za-z0-9][A-Za-z0-9_.-]*)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placed();
}
