using System.Text.Json;

namespace Homelab.Providers.Proxmox;

/// <summary>A guest's configuration as Proxmox writes it: by key, what holds now and what will.</summary>
internal sealed class VmSettings
{
    private readonly Dictionary<string, string> _now = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _then = new(StringComparer.Ordinal);

    internal VmSettings(IEnumerable<PendingWire> wire)
    {
        foreach (var entry in wire)
        {
            if (entry.Key is not { Length: > 0 } key) continue;
            if (Text(entry.Value) is { } now) _now[key] = now;
            if (entry.Delete is > 0) _then[key] = null;
            else if (Text(entry.Pending) is { } then) _then[key] = then;
        }
    }

    /// <summary>What holds now.</summary>
    internal IReadOnlyDictionary<string, string> Now => _now;

    /// <summary>What holds from the next start on; null where it is taken away then.</summary>
    internal IReadOnlyDictionary<string, string?> Then => _then;

    internal string Digest => _now.GetValueOrDefault("digest") ?? "";

    /// <summary>What was last set, whether it holds already or not; null when it is not set.</summary>
    internal string? Last(string key) => _then.TryGetValue(key, out var then) ? then : _now.GetValueOrDefault(key);

    private static string? Text(JsonElement? value) => value switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.True } => "1",
        { ValueKind: JsonValueKind.False } => "0",
        { } other => other.GetRawText(),
    };
}
