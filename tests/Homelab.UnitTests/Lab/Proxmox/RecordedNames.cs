using System.Text.Json.Nodes;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>What was called otherwise when it was recorded: task ids, tickets and secrets. Learned from answers, and put into later requests.</summary>
internal sealed class RecordedNames
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _signatures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _tickets = new(StringComparer.Ordinal);

    /// <summary>Says what stands here for something recorded.</summary>
    internal void Add(string recorded, string here) => _names[recorded] = here;

    /// <summary>Learns what is called otherwise here from two answers to the same request.</summary>
    internal void Learn(JsonNode? recorded, JsonNode? here)
    {
        if (Text(recorded?["data"]) is { } task && task.StartsWith("UPID:", StringComparison.Ordinal) && Text(here?["data"]) is { } ours) _names[task] = ours;
        if (recorded?["data"] is not JsonObject) return;
        if (Text(recorded["data"]!["CSRFPreventionToken"]) is { } csrf && Text(here?["data"]?["CSRFPreventionToken"]) is { } ourCsrf) _names[csrf] = ourCsrf;
        if (Text(recorded["data"]!["ticket"]) is { } ticket && Text(here?["data"]?["ticket"]) is { } ourTicket) _tickets[Stem(ticket)] = ourTicket;
    }

    /// <summary>A part of a recorded request as it has to be sent here, percent-encoded as it was.</summary>
    internal string Translate(string text)
    {
        foreach (var (recorded, here) in _names)
        {
            text = text.Replace(recorded, here, StringComparison.Ordinal).Replace(Uri.EscapeDataString(recorded), Uri.EscapeDataString(here), StringComparison.Ordinal);
        }

        return TranslateTickets(text);
    }

    // The recording keeps only a mark in place of a ticket's signature, but the requests have the whole one. The first that is seen is the genuine one.
    private string TranslateTickets(string text)
    {
        foreach (var (stem, ticket) in _tickets)
        {
            var escaped = Uri.EscapeDataString(stem);
            var start = text.IndexOf(escaped, StringComparison.Ordinal);
            if (start < 0) continue;
            var end = text.IndexOfAny(['&', ';'], start) is >= 0 and var at ? at : text.Length;
            var signature = text[(start + escaped.Length)..end];
            _signatures.TryAdd(stem, signature);
            var ours = signature == _signatures[stem] ? ticket : ticket[..^8] + "AAAAAAA=";
            text = text[..start] + Uri.EscapeDataString(ours) + text[end..];
        }

        return text;
    }

    private static string Stem(string ticket) => ticket[..(ticket.LastIndexOf("::", StringComparison.Ordinal) + 2)];

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
