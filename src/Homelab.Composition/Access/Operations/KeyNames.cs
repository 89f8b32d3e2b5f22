namespace Homelab.Composition.Access;

/// <summary>What is said where a key is not found.</summary>
internal static class KeyNames
{
    internal static HomelabException NotFound(string name, IReadOnlyList<ApiKey> keys) =>
        new(ErrorKind.NotFound, "KeyNotFound", $"There is no API key '{name}'. {NearestName.Hint(name, [.. keys.Select(static k => k.Name).Distinct(StringComparer.Ordinal)])} Get-HlApiKey lists them.", name) { NothingHappened = true };
}
