using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Homelab.Providers.Ssh;

/// <summary>Reads the journal, as <c>journalctl --output=json</c> writes it.</summary>
internal static class JournalReader
{
    /// <summary>Only these fields: an entry has many, and some are long. Those before systemd 236 send all.</summary>
    internal const string Fields = "--output-fields=MESSAGE,PRIORITY,_SYSTEMD_UNIT,UNIT,SYSLOG_IDENTIFIER,_COMM,_PID,SYSLOG_PID";

    // The last microsecond of the year 9999.
    private const long Latest = 253_402_300_799_999_999;

    /// <summary>The words are the unit or an empty one, and journalctl's further options.</summary>
    internal static HostScript Script { get; } = new(UnitReader.NeedsSystemd + $"""
        unit=$1; shift
        if [ -n "$unit" ]; then s load; systemctl show --property=LoadState -- "$unit" </dev/null; set -- "--unit=$unit" "$@"; fi
        s log; journalctl --output=json --no-pager {Fields} "$@" </dev/null; code=$?
        s code; echo "$code"
        """)
    { MaxOutput = 32 * 1024 * 1024 };

    /// <summary>The entries, the oldest first.</summary>
    /// <exception cref="HomelabException">
    /// <c>SystemdNotFound</c>, <c>UnitNotFound</c> (NotFound); <c>JournalDenied</c> (Denied): the account sees only a part; <c>JournalNotRead</c> (Failed): journalctl itself failed.
    /// </exception>
    internal static IReadOnlyList<JournalEntry> Read(HostSections sections, string? unit)
    {
        var host = sections.Host;
        if (sections.Find("log") is not { } log) throw HostErrors.NoSystemd(host);
        // journalctl shows what it may, and says so aside: a part is not told as the whole.
        if (sections.Error.Contains("not seeing messages from other users", StringComparison.Ordinal) || sections.Error.Contains("insufficient permissions", StringComparison.Ordinal))
        {
            throw HostErrors.Make(
                ErrorKind.Denied, "JournalDenied", $"The account of hosts.{host}.ssh.user may not read the whole journal of {host}.", "Add it to the group systemd-journal there: usermod -aG systemd-journal <account>.", host);
        }

        var entries = ReadLines(host, log);
        if (entries.Count > 0) return entries;
        if (unit is not null && sections.Line("load") == "LoadState=not-found") throw HostErrors.NoUnit(host, unit);
        // Some versions end with 1 where a pattern fits nothing.
        if (sections.Line("code") is "0" || (sections.Line("code") is "1" && HostErrors.Said(sections.Error).Length == 0)) return entries;
        throw HostErrors.Make(ErrorKind.Failed, "JournalNotRead", $"journalctl on {host} ended with code {HostErrors.Shown(sections.Line("code"))}{HostErrors.Said(sections.Error)}.", "Log in there and see what it says.", host);
    }

    internal static IReadOnlyList<JournalEntry> ReadLines(string host, string text) =>
        [.. text.Split('\n').Where(static l => l.StartsWith('{')).Select(l => Read(host, l))];

    private static JournalEntry Read(string host, string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var entry = json.RootElement;
            return new JournalEntry
            {
                Host = host,
                At = Time(Text(entry, "__REALTIME_TIMESTAMP")) ?? throw HostErrors.Unreadable(host, "an entry of the journal without a time"),
                Priority = int.TryParse(Text(entry, "PRIORITY"), NumberStyles.None, CultureInfo.InvariantCulture, out var priority) && Enum.IsDefined((JournalPriority)priority) ? (JournalPriority)priority : JournalPriority.Info,
                // What systemd itself says of a unit names it otherwise than what its process says.
                Unit = Text(entry, "UNIT") is { Length: > 0 } about ? about : Text(entry, "_SYSTEMD_UNIT"),
                Identifier = Text(entry, "SYSLOG_IDENTIFIER") is { Length: > 0 } identifier ? identifier : Text(entry, "_COMM"),
                Pid = int.TryParse(Text(entry, "_PID") is { Length: > 0 } pid ? pid : Text(entry, "SYSLOG_PID"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null,
                BootId = Text(entry, "_BOOT_ID"),
                Message = Text(entry, "MESSAGE"),
            };
        }
        catch (JsonException e)
        {
            throw HostErrors.Unreadable(host, $"an entry of the journal: {HostErrors.Shown(e.Message).TrimEnd('.')}");
        }
    }

    // A text; a list of bytes where it is no UTF-8 or has control characters; a list of several where the field was given more than once; null where it is too long.
    private static string Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var value) ? Text(value) : "";

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array when value.EnumerateArray().All(static e => e.ValueKind == JsonValueKind.Number) => Encoding.UTF8.GetString([.. value.EnumerateArray().Select(static e => e.TryGetByte(out var b) ? b : (byte)'?')]),
        JsonValueKind.Array => string.Join('\n', value.EnumerateArray().Select(Text)),
        _ => "",
    };

    private static DateTimeOffset? Time(string microseconds) =>
        long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= Latest ? DateTimeOffset.UnixEpoch.AddTicks(count * TimeSpan.TicksPerMicrosecond) : null;
}
