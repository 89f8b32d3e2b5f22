using System.Text.RegularExpressions;

namespace Homelab.Host.Mcp.Resources;

/// <summary>An address that means a resource: exactly as it is listed, and with a plain name where the template has its variable.</summary>
/// <param name="Uri">As it was written.</param>
/// <param name="Definition">What it means.</param>
/// <param name="Value">The variable's value; empty where there is none.</param>
internal sealed partial record ResourceAddress(string Uri, ResourceDefinition Definition, string Value)
{
    /// <summary>Longer ones mean nothing.</summary>
    internal const int Longest = 400;

    /// <summary>Null when it means nothing.</summary>
    internal static ResourceAddress? Read(string? uri)
    {
        if (uri is null || uri.Length > Longest) return null;
        foreach (var definition in ResourceCatalog.All)
        {
            if (definition.Variable is null)
            {
                if (uri == definition.Uri) return new ResourceAddress(uri, definition, "");
            }
            else if (uri.StartsWith(definition.Stem, StringComparison.Ordinal) && ValueOf(uri[definition.Stem.Length..]) is { } value)
            {
                return new ResourceAddress(uri, definition, value);
            }
        }

        return null;
    }

    /// <summary>True for what may stand in place of a variable: no path, no pattern, nothing that is encoded twice.</summary>
    internal static bool IsName(string value) => NamePattern().IsMatch(value);

    // Decoded once: whatever is encoded in it a second time is no name.
    private static string? ValueOf(string written) => System.Uri.UnescapeDataString(written) is var value && IsName(value) ? value : null;

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
