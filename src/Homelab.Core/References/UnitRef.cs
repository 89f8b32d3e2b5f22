using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Homelab;

/// <summary>Names a unit of systemd on its host: <c>nginx</c>, which is <c>nginx.service</c>, <c>certbot.timer</c>, <c>getty@tty1.service</c>.</summary>
[JsonConverter(typeof(ReferenceAsText<UnitRef>))]
public sealed partial record UnitRef : IParsable<UnitRef>
{
    private const string Service = ".service";

    /// <param name="text">A unit's name. Without the suffix of a type it is a service.</param>
    /// <exception cref="FormatException">The text is no unit's name; the message says why.</exception>
    public UnitRef(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // What begins with a hyphen would be taken for an option; systemd itself allows it for slices alone, which nobody restarts.
        if (!Form().IsMatch(text) || text.Length > LongestName) throw new FormatException($"'{ForeignText.Clean(text, ShownLength)}' is no name of a unit: letters, digits and : _ . @ \\ -, not beginning with '-' or '.', such as nginx or certbot.timer");
        Name = Suffix().IsMatch(text) ? text : text + Service;
    }

    /// <param name="unit">A unit that was listed.</param>
    public UnitRef(HostUnit unit)
        : this((unit ?? throw new ArgumentNullException(nameof(unit))).Name)
    {
    }

    // systemd's own limit is 255 with the suffix that may be added here.
    private const int LongestName = 247;

    private const int ShownLength = 80;

    /// <summary>The whole name, with its suffix.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public static UnitRef Parse(string s, IFormatProvider? provider) => new(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out UnitRef result) => ReferenceText.TryRead(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Name;

    [GeneratedRegex(@"^[A-Za-z0-9:_\\@][A-Za-z0-9:_.\\@-]*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();

    [GeneratedRegex(@"\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Suffix();
}
