using System.Text.Json.Nodes;

namespace Homelab.Providers.Docker;

/// <summary>What a compose file says, as far as a person should know before saying yes: its services, what they are made from, and what they may do to their host.</summary>
internal sealed record ComposeReading
{
    private const int ShownLength = 120;
    private const int LongestWords = 2_000;

    /// <summary>Its services and their images.</summary>
    internal required IReadOnlyDictionary<string, string> Images { get; init; }

    /// <summary>Its services.</summary>
    internal IReadOnlyList<string> Services => [.. Images.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The volumes that it names.</summary>
    internal required IReadOnlyList<string> Volumes { get; init; }

    /// <summary>The project that it says it is; null where it does not.</summary>
    internal string? Project { get; init; }

    /// <summary>What its services may do to their host, each as a sentence without its end.</summary>
    internal required IReadOnlyList<string> Concerns { get; init; }

    /// <summary>Reads what several files say together.</summary>
    internal static ComposeReading Of(IReadOnlyList<JsonObject> files)
    {
        var images = new Dictionary<string, string>(StringComparer.Ordinal);
        var concerns = new List<string>();
        foreach (var file in files)
        {
            foreach (var (name, service) in Mapping(file["services"]))
            {
                var settings = Mapping(service);
                var image = Text(settings["image"]) is { Length: > 0 } given ? given : settings["build"] is not null ? "built there" : images.GetValueOrDefault(name, "?");
                images[Shown(name)] = Shown(image);
                concerns.AddRange(ComposeConcerns.Of(Shown(name), settings));
            }

            concerns.AddRange(ComposeConcerns.OfFile(file));
        }

        return new ComposeReading
        {
            Images = images,
            Volumes = [.. files.SelectMany(static f => Mapping(f["volumes"]).Select(static v => Shown(v.Key))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Project = files.Select(static f => Text(f["name"])).LastOrDefault(static n => n.Length > 0),
            Concerns = [.. concerns.Distinct(StringComparer.Ordinal)],
        };
    }

    /// <summary>In words: what they may do, the services with their images, the volumes.</summary>
    public override string ToString()
    {
        var services = Images.Count == 0 ? "no services" : "services " + string.Join(", ", Images.OrderBy(static i => i.Key, StringComparer.Ordinal).Select(static i => $"{i.Key} ({i.Value})"));
        // What a person should mind comes first: what is too long is cut at its end.
        return ForeignText.Cut((Concerns.Count == 0 ? "" : $"mind: {string.Join(", ", Concerns)}; ") + services + (Volumes.Count == 0 ? "" : "; volumes " + string.Join(", ", Volumes)), LongestWords);
    }

    internal static JsonObject Mapping(JsonNode? node) => node as JsonObject ?? [];

    internal static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    internal static string Shown(string text) => ForeignText.Clean(text, ShownLength);
}
