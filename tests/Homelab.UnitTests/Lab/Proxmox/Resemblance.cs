using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>Holds an answer against a recorded one: the same keys, the same kinds of values, and the same values where they do not depend on the moment or on chance.</summary>
internal static partial class Resemblance
{
    // What is measured, counted or drawn by lot: only its kind is compared.
    private static readonly HashSet<string> s_measured = new(StringComparer.Ordinal)
    {
        "pid", "pstart", "starttime", "endtime", "ctime", "snaptime", "time", "localtime", "uptime", "idle", "wait",
        "cpu", "mem", "memhost", "swap", "netin", "netout", "disk", "diskread", "diskwrite", "used", "avail", "free", "used_fraction", "loadavg",
        "ssl_fingerprint", "fingerprint", "serverid", "pem", "notafter", "notbefore", "ticket", "CSRFPreventionToken", "saved", "uid",
        "pressurecpusome", "pressurecpufull", "pressureiosome", "pressureiofull", "pressurememorysome", "pressurememoryfull",
        "rd_bytes", "rd_operations", "rd_total_time_ns", "wr_bytes", "wr_operations", "wr_total_time_ns", "wr_highest_offset", "idle_time_ns", "flush_operations", "flush_total_time_ns",
    };

    // By what entries of a list that has no order are told apart; the first that all of them have.
    private static readonly string[] s_identities = ["key", "n", "vmid", "volid", "storage", "iface", "service", "subdir", "cmd", "userid", "tokenid", "poolid", "roleid", "realm", "Package", "pos", "id", "name", "time"];

    internal static IEnumerable<Discrepancy> Compare(JsonNode? recorded, JsonNode? here, bool abridged) => Compare("", "", recorded, here, abridged);

    /// <summary>A text without what depends on the moment or on chance.</summary>
    internal static string Plain(string text)
    {
        text = Upid().Replace(text, "UPID:${node}:<when>:");
        text = Mac().Replace(text, "<mac>");
        text = Uuid().Replace(text, "<uuid>");
        text = Sha1().Replace(text, "<digest>");
        text = CreatedAt().Replace(text, "ctime=<time>");
        return ArchiveTime().Replace(text, "<time>");
    }

    private static IEnumerable<Discrepancy> Compare(string at, string key, JsonNode? recorded, JsonNode? here, bool abridged)
    {
        var (expected, actual) = (Kind(recorded), Kind(here));
        if (expected != actual) return [new Discrepancy(at, $"recorded {expected} {Short(recorded)}, here {actual} {Short(here)}")];
        return recorded switch
        {
            JsonObject one => CompareObjects(at, one, here!.AsObject(), abridged),
            JsonArray one => CompareLists(at, key, one, here!.AsArray(), abridged),
            JsonValue one when key == "content" && Sorted(one) == Sorted(here!.AsValue()) => [],
            JsonValue one when !s_measured.Contains(key) && Text(one) != Text(here!.AsValue()) => [new Discrepancy(at, $"recorded {Short(recorded)}, here {Short(here)}")],
            _ => [],
        };
    }

    private static IEnumerable<Discrepancy> CompareObjects(string at, JsonObject recorded, JsonObject here, bool abridged)
    {
        foreach (var (name, value) in recorded)
        {
            var path = at.Length == 0 ? name : $"{at}.{name}";
            if (!here.TryGetPropertyValue(name, out var same)) yield return new Discrepancy(path, $"is missing; recorded {Short(value)}");
            else
            {
                foreach (var found in Compare(path, name, value, same, abridged)) yield return found;
            }
        }

        if (abridged) yield break;
        foreach (var (name, value) in here.Where(p => !recorded.ContainsKey(p.Key))) yield return new Discrepancy(at.Length == 0 ? name : $"{at}.{name}", $"was not recorded; here {Short(value)}");
    }

    private static IEnumerable<Discrepancy> CompareLists(string at, string key, JsonArray recorded, JsonArray here, bool abridged)
    {
        if (recorded.All(static e => e is JsonValue) && here.All(static e => e is JsonValue))
        {
            string[] Sorted(JsonArray list) => [.. list.Select(e => Text(e!.AsValue())).Order(StringComparer.Ordinal)];
            var same = abridged ? Sorted(recorded).All(Sorted(here).Contains) : Sorted(recorded).SequenceEqual(Sorted(here));
            return same || s_measured.Contains(key) ? [] : [new Discrepancy(at, $"recorded {Short(recorded)}, here {Short(here)}")];
        }

        return Identity(recorded, here, abridged) is { } identity ? CompareNamed(at, identity, recorded, here, abridged) : CompareInOrder(at, recorded, here, abridged);
    }

    private static IEnumerable<Discrepancy> CompareNamed(string at, string identity, JsonArray recorded, JsonArray here, bool abridged)
    {
        var there = recorded.Where(e => e![identity] is not null).ToDictionary(e => Text(e![identity]!.AsValue()), StringComparer.Ordinal);
        var ours = here.ToDictionary(e => Text(e![identity]!.AsValue()), StringComparer.Ordinal);
        foreach (var (name, entry) in there)
        {
            var path = $"{at}[{identity}={name}]";
            if (!ours.TryGetValue(name, out var same)) yield return new Discrepancy(path, $"is missing; recorded {Short(entry)}");
            else
            {
                foreach (var found in Compare(path, "", entry, same, abridged)) yield return found;
            }
        }

        if (abridged) yield break;
        foreach (var (name, entry) in ours.Where(e => !there.ContainsKey(e.Key))) yield return new Discrepancy($"{at}[{identity}={name}]", $"was not recorded; here {Short(entry)}");
    }

    private static IEnumerable<Discrepancy> CompareInOrder(string at, JsonArray recorded, JsonArray here, bool abridged)
    {
        if (recorded.Count != here.Count && !(abridged && recorded.Count < here.Count)) yield return new Discrepancy(at, $"recorded {recorded.Count} entries, here {here.Count}: {Short(here)}");
        for (var i = 0; i < Math.Min(recorded.Count, here.Count); i++)
        {
            foreach (var found in Compare($"{at}[{i}]", "", recorded[i], here[i], abridged)) yield return found;
        }
    }

    private static string? Identity(JsonArray recorded, JsonArray here, bool abridged) => s_identities.FirstOrDefault(name => Identifies(name, recorded, abridged) && Identifies(name, here, abridged: false));

    private static bool Identifies(string name, JsonArray list, bool abridged)
    {
        // The last entry of an abridged list may have lost its name.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return list.Count > 0 && list.Index().All(e => e.Item is JsonObject entry
            && (entry[name] is JsonValue value ? !s_measured.Contains(name) && seen.Add(Text(value)) : abridged && e.Index > 0 && e.Index == list.Count - 1));
    }

    // What may lie on a storage is a set, and is told in any order.
    private static string Sorted(JsonValue value) => string.Join(',', Text(value).Split(',').Order(StringComparer.Ordinal));

    private static string Kind(JsonNode? node) => node?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "nothing",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => kind.ToString()!.ToLowerInvariant(),
    };

    private static string Text(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.String => Plain(value.GetValue<string>()),
        JsonValueKind.Number => double.Parse(value.ToJsonString()).ToString("R"),
        _ => value.ToJsonString(),
    };

    private static string Short(JsonNode? node) => (node?.ToJsonString() ?? "null") is { Length: > 160 } text ? text[..160] + "…" : node?.ToJsonString() ?? "null";

    [GeneratedRegex("UPID:(?<node>[^:]+):[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Upid();

    [GeneratedRegex("\\b[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}\\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Mac();

    [GeneratedRegex("\\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Uuid();

    [GeneratedRegex("\\b[0-9a-f]{40}\\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Sha1();

    [GeneratedRegex("ctime=[0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex CreatedAt();

    [GeneratedRegex("[0-9]{4}_[0-9]{2}_[0-9]{2}-[0-9]{2}_[0-9]{2}_[0-9]{2}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex ArchiveTime();
}
