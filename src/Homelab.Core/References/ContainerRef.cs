using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Homelab;

/// <summary>Names a container: <c>name</c>, <c>name@host</c> or an id. Without a host it must be the only one of that name.</summary>
[JsonConverter(typeof(ReferenceAsText<ContainerRef>))]
public sealed partial record ContainerRef : IParsable<ContainerRef>
{
    /// <param name="text"><c>gitea</c>, <c>gitea@dev</c> or an id of at least 12 hexadecimal digits.</param>
    /// <exception cref="FormatException">The text is no container name; the message says why.</exception>
    public ContainerRef(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.IndexOf('@', StringComparison.Ordinal);
        Name = at < 0 ? text : text[..at];
        Host = at < 0 ? null : text[(at + 1)..];
        // What begins with a hyphen could be taken for an option further down; Docker allows it nowhere.
        if (!NamePattern().IsMatch(Name)) throw new FormatException($"'{Name}' is not a container name: letters, digits, '_', '.' and '-', not beginning with a mark, at most 255");
        if (Host is not null && !NamePattern().IsMatch(Host)) throw new FormatException($"'{Host}' is not a host name of the lab");
    }

    /// <param name="container">A container that was listed.</param>
    public ContainerRef(Container container)
        : this($"{(container ?? throw new ArgumentNullException(nameof(container))).Name}@{container.Host}")
    {
    }

    /// <summary>The container's name, or its id.</summary>
    public string Name { get; }

    /// <summary>The host as the lab file names it, when given.</summary>
    public string? Host { get; }

    /// <inheritdoc/>
    public static ContainerRef Parse(string s, IFormatProvider? provider) => new(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ContainerRef result) => ReferenceText.TryRead(s, out result);

    /// <inheritdoc/>
    public override string ToString() => Host is null ? Name : $"{Name}@{Host}";

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
