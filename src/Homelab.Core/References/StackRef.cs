using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Homelab;

/// <summary>Names a stack of Docker Compose: <c>media</c> or <c>media@dev</c>. Never a path: where it is, the lab file or its containers say.</summary>
[JsonConverter(typeof(ReferenceAsText<StackRef>))]
public sealed partial record StackRef : IParsable<StackRef>
{
    private const int ShownLength = 80;

    /// <param name="text"><c>media</c> or <c>media@dev</c>.</param>
    /// <exception cref="FormatException">The text is no stack's name; the message says why.</exception>
    public StackRef(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.IndexOf('@', StringComparison.Ordinal);
        Name = at < 0 ? text : text[..at];
        Host = at < 0 ? null : text[(at + 1)..];
        // As compose names projects. There is no dot and no slash in it, so that it leads nowhere but to itself.
        if (!Form().IsMatch(Name)) throw new FormatException($"'{ForeignText.Clean(Name, ShownLength)}' is no name of a stack: small letters, digits, '_' and '-', beginning with a letter or digit, at most 63");
        if (Host is not null && !HostForm().IsMatch(Host)) throw new FormatException($"'{ForeignText.Clean(Host, ShownLength)}' is not a host name of the lab");
    }

    /// <param name="file">A stack's file that was read.</param>
    public StackRef(StackFile file)
        : this((file ?? throw new ArgumentNullException(nameof(file))).ToString())
    {
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The host as the lab file names it, when given.</summary>
    public string? Host { get; }

    /// <inheritdoc/>
    public static StackRef Parse(string s, IFormatProvider? provider) => new(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out StackRef result) => ReferenceText.TryRead(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Host is null ? Name : $"{Name}@{Host}";

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]{0,62}\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostForm();
}
