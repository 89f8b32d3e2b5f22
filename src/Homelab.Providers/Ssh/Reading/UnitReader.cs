using System.Globalization;

namespace Homelab.Providers.Ssh;

/// <summary>Reads units of systemd, as <c>systemctl show</c> writes them for programs.</summary>
internal static class UnitReader
{
    /// <summary>Shell: ends a script where there is no systemd. What comes after it is then not told.</summary>
    internal const string NeedsSystemd = "[ -d /run/systemd/system ] || { s end; exit 0; }\n";

    private const string Common = "Id,Description,ActiveState,SubState,LoadState,UnitFileState,StateChangeTimestamp,Result";

    private const string Detailed = Common
        + ",Type,MainPID,ExecMainStatus,ExecMainExitTimestampMonotonic,ActiveEnterTimestamp,ActiveEnterTimestampMonotonic,NRestarts,MemoryCurrent,TasksCurrent,InvocationID,FragmentPath,SourcePath,DropInPaths,NeedDaemonReload,TriggeredBy";

    // What counts nothing is written as this, or as [not set].
    private const string NotCounted = "18446744073709551615";

    private const string DateForm = "ddd yyyy-MM-dd HH:mm:ss 'UTC'";

    /// <summary>All units in memory whose names fit a pattern.</summary>
    internal static HostScript List { get; } = new(NeedsSystemd + $"""
        s units; systemctl show --no-pager --all --property={Common} -- "$1" </dev/null
        """)
    { MaxOutput = 16 * 1024 * 1024 };

    /// <summary>One unit, and its last lines.</summary>
    internal static HostScript One { get; } = new(NeedsSystemd + $"""
        s units; systemctl show --no-pager --all --property={Detailed} -- "$1" 2>&1 </dev/null
        s log; if [ "$2" -gt 0 ]; then journalctl --output=json --no-pager --lines="$2" {JournalReader.Fields} --unit="$1" 2>/dev/null </dev/null; fi
        """);

    internal static IReadOnlyList<HostUnit> ReadList(HostSections sections) =>
        [.. Blocks(sections).Select(b => Basic(new HostUnit { Name = "", Host = sections.Host, State = UnitState.Unknown }, b))];

    /// <summary>The unit; also one that systemd does not know, which is said by its <see cref="HostUnit.Load"/>.</summary>
    internal static HostUnitDetail ReadOne(HostSections sections)
    {
        var block = Block(sections);
        if (!block.ContainsKey("Id")) throw HostErrors.Unreadable(sections.Host, $"systemctl said{HostErrors.Said(sections.Text("units"))}");
        var unit = Basic(new HostUnitDetail { Name = "", Host = sections.Host, State = UnitState.Unknown }, block);
        var ended = Value(block, "ExecMainExitTimestampMonotonic") is not ("" or "0");
        return unit with
        {
            Type = Value(block, "Type"),
            MainPid = Count(block, "MainPID") is > 0 and var pid ? (int)pid : null,
            ExitCode = ended && Count(block, "ExecMainStatus") is { } code ? (int)code : null,
            ActiveSince = Time(Value(block, "ActiveEnterTimestamp")),
            Restarts = (int)(Count(block, "NRestarts") ?? 0),
            Memory = Count(block, "MemoryCurrent"),
            Tasks = Count(block, "TasksCurrent"),
            InvocationId = Value(block, "InvocationID"),
            Path = Value(block, "FragmentPath") is { Length: > 0 } path ? path : Value(block, "SourcePath"),
            DropIns = Words(block, "DropInPaths"),
            NeedsReload = Value(block, "NeedDaemonReload") == "yes",
            TriggeredBy = Words(block, "TriggeredBy"),
            Log = sections.Find("log") is { } log ? JournalReader.ReadLines(sections.Host, log) : [],
        };
    }

    /// <summary>What is another after each start: the invocation, and when it became active by a clock that nobody sets.</summary>
    internal static string Mark(HostSections sections)
    {
        var block = Block(sections);
        return $"{(Value(block, "InvocationID") is { Length: > 0 } id ? id : "-")} {(Value(block, "ActiveEnterTimestampMonotonic") is { Length: > 0 } at ? at : "0")}";
    }

    private static T Basic<T>(T unit, Dictionary<string, string> block)
        where T : HostUnit => unit with
        {
            Name = Value(block, "Id"),
            Description = HostErrors.Shown(Value(block, "Description")),
            State = StateOf(Value(block, "ActiveState")),
            SubState = Value(block, "SubState"),
            Load = Value(block, "LoadState"),
            Enabled = Value(block, "UnitFileState"),
            Since = Time(Value(block, "StateChangeTimestamp")),
            Result = Value(block, "Result"),
        };

    // A number would pass for a state too.
    private static UnitState StateOf(string text) => text.Length > 0 && text.All(char.IsAsciiLetter) && Enum.TryParse<UnitState>(text, ignoreCase: true, out var state) ? state : UnitState.Unknown;

    private static Dictionary<string, string> Block(HostSections sections) =>
        Blocks(sections) is [var block, ..] ? block : throw HostErrors.Unreadable(sections.Host, "systemctl said nothing of the unit");

    // Name=value lines, an empty line between two units.
    private static List<Dictionary<string, string>> Blocks(HostSections sections)
    {
        if (sections.Find("units") is not { } text) throw HostErrors.NoSystemd(sections.Host);
        var blocks = new List<Dictionary<string, string>>();
        foreach (var part in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var block = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var line in part.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var equals = line.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0) block[line[..equals]] = line[(equals + 1)..];
            }

            if (part.Trim().Length > 0) blocks.Add(block);
        }

        return blocks;
    }

    private static string Value(Dictionary<string, string> block, string name) => block.GetValueOrDefault(name, "").Trim();

    private static string[] Words(Dictionary<string, string> block, string name) => Value(block, name).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static long? Count(Dictionary<string, string> block, string name) =>
        Value(block, name) is var text && text != NotCounted && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    // The script asks for UTC, so that no zone's name need be known.
    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParseExact(text, DateForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
