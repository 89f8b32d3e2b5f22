using System.Text.Json;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>The vendor's description of the API: what each method takes and gives.</summary>
internal sealed class ApiDescription
{
    private static readonly Lazy<ApiDescription?> s_vendor = new(static () => VendorFiles.Folder is { } folder ? new ApiDescription(File.ReadAllBytes(Path.Combine(folder, "apidata.json"))) : null);
    private readonly Dictionary<(string Method, string Path), ApiMethod> _methods = [];
    private readonly List<(string Method, string[] Segments, ApiMethod Described)> _bySegments = [];

    private ApiDescription(byte[] json)
    {
        foreach (var node in JsonDocument.Parse(json).RootElement.GetProperty("tree").EnumerateArray()) Add(node);
    }

    /// <summary>The vendor's; null where it is not beside the checkout.</summary>
    internal static ApiDescription? Vendor => s_vendor.Value;

    /// <summary>Every method.</summary>
    internal IReadOnlyCollection<ApiMethod> Methods => _methods.Values;

    /// <summary>A method by its path's template, such as <c>/nodes/{node}/qemu</c>.</summary>
    internal ApiMethod? Find(string method, string template) => _methods.GetValueOrDefault((method, template));

    /// <summary>The method that a path of a request means; null for none.</summary>
    internal ApiMethod? Resolve(string method, string path)
    {
        var asked = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return _bySegments
            .Where(m => m.Method == method && m.Segments.Length == asked.Length && m.Segments.Zip(asked).All(static pair => pair.First.StartsWith('{') || pair.First == pair.Second))
            .OrderBy(static m => m.Segments.Count(static s => s.StartsWith('{')))
            .Select(static m => m.Described)
            .FirstOrDefault();
    }

    private void Add(JsonElement node)
    {
        var path = node.GetProperty("path").GetString()!;
        if (node.TryGetProperty("info", out var info))
        {
            foreach (var method in info.EnumerateObject())
            {
                var described = new ApiMethod(method.Name, path, method.Value);
                _methods[(method.Name, path)] = described;
                _bySegments.Add((method.Name, path.Split('/', StringSplitOptions.RemoveEmptyEntries), described));
            }
        }

        if (!node.TryGetProperty("children", out var children)) return;
        foreach (var child in children.EnumerateArray()) Add(child);
    }
}

/// <summary>One method of the API as its vendor describes it.</summary>
internal sealed record ApiMethod(string Method, string Path, JsonElement Description)
{
    private const string Numbered = "[n]";

    /// <summary>The schema of each parameter, those in the path included; numbered ones as <c>net[n]</c>.</summary>
    internal IReadOnlyDictionary<string, JsonElement> Parameters { get; } =
        Description.GetProperty("parameters").TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
            ? properties.EnumerateObject().ToDictionary(static p => p.Name, static p => p.Value, StringComparer.Ordinal)
            : [];

    /// <summary>What a success gives.</summary>
    internal JsonElement Returns => Description.GetProperty("returns");

    /// <summary>The schema of a parameter by the name it has in a request; null for none.</summary>
    internal JsonElement? Parameter(string name)
    {
        if (Parameters.TryGetValue(name, out var schema)) return schema;
        var stem = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return stem.Length < name.Length && Parameters.TryGetValue(stem + Numbered, out schema) ? schema : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Path}";
}
