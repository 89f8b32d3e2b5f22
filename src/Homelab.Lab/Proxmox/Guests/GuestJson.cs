using System.Globalization;
using System.Text.Json.Nodes;

namespace Homelab.Lab.Proxmox;

/// <summary>A guest's configuration as the API shows it.</summary>
internal static class GuestJson
{
    private const string Masked = "**********";

    private static readonly Dictionary<SimulatedGuestKind, Dictionary<string, SimulatedParameter>> s_options = new()
    {
        [SimulatedGuestKind.Qemu] = QemuOptions.All.ToDictionary(static o => o.Name, StringComparer.Ordinal),
        [SimulatedGuestKind.Lxc] = LxcOptions.All.ToDictionary(static o => o.Name, StringComparer.Ordinal),
    };

    /// <summary>The declaration of a line of a configuration; null when there is no such option.</summary>
    internal static SimulatedParameter? Option(SimulatedGuestKind kind, string key)
    {
        if (s_options[kind].TryGetValue(key, out var option)) return option;
        var stem = key.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return stem.Length < key.Length ? s_options[kind].GetValueOrDefault(stem + "[n]") : null;
    }

    /// <summary>A line's value with the JSON type that it has in answers.</summary>
    internal static JsonNode Value(SimulatedGuestKind kind, string key, string value)
    {
        if (key == "cipassword") return Masked;
        if (key == "snaptime") return long.Parse(value, CultureInfo.InvariantCulture);
        return Option(kind, key)?.Type is "integer" or "boolean" or "number" && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number % 1 == 0 ? JsonValue.Create((long)number) : JsonValue.Create(number)
            : JsonValue.Create(value);
    }

    /// <summary>Its configuration.</summary>
    /// <param name="guest">The guest.</param>
    /// <param name="current">True for what holds now, false for what holds after the next start.</param>
    internal static JsonObject Config(SimulatedGuest guest, bool current)
    {
        var lines = new Dictionary<string, string?>(guest.Config.ToDictionary(static l => l.Key, static l => (string?)l.Value, StringComparer.Ordinal), StringComparer.Ordinal);
        if (!current)
        {
            foreach (var (key, value) in guest.Pending) lines[key] = value;
        }

        var config = Lines(guest.Kind, lines.Where(static l => l.Value is not null).Select(static l => KeyValuePair.Create(l.Key, l.Value!)));
        if (guest.ParentSnapshot is { } parent) config["parent"] = parent;
        config["digest"] = guest.Digest;
        return config;
    }

    /// <summary>The configuration that a snapshot keeps.</summary>
    internal static JsonObject Config(SimulatedGuest guest, SimulatedSnapshot snapshot)
    {
        var config = Lines(guest.Kind, snapshot.Config);
        config["snaptime"] = snapshot.Taken;
        if (snapshot.Description.Length > 0) config["description"] = snapshot.Description;
        else config.Remove("description");
        if (snapshot.Parent is { } parent) config["parent"] = parent;
        return config;
    }

    /// <summary>What holds and what is to come, line by line.</summary>
    internal static JsonArray Pending(SimulatedGuest guest)
    {
        var list = new JsonArray();
        foreach (var (key, value) in guest.Config)
        {
            var entry = new JsonObject { ["key"] = key, ["value"] = Value(guest.Kind, key, value) };
            if (guest.Pending.TryGetValue(key, out var pending))
            {
                if (pending is null) entry["delete"] = 1;
                else entry["pending"] = Value(guest.Kind, key, pending);
            }

            list.Add((JsonNode)entry);
        }

        foreach (var (key, value) in guest.Pending.Where(p => p.Value is not null && !guest.Config.ContainsKey(p.Key))) list.Add((JsonNode)new JsonObject { ["key"] = key, ["pending"] = Value(guest.Kind, key, value!) });
        if (guest.ParentSnapshot is { } parent) list.Add((JsonNode)new JsonObject { ["key"] = "parent", ["value"] = parent });
        list.Add((JsonNode)new JsonObject { ["key"] = "digest", ["value"] = guest.Digest });
        return list;
    }

    private static JsonObject Lines(SimulatedGuestKind kind, IEnumerable<KeyValuePair<string, string>> lines)
    {
        var config = new JsonObject();
        foreach (var (key, value) in lines) config[key] = Value(kind, key, value);
        return config;
    }
}
