using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Homelab.Lab.Hosts;

/// <summary>What <c>journalctl --output=json</c> tells of a simulated host.</summary>
internal sealed class JournalSections(SimulatedHost host)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    internal IEnumerable<(string Name, string Told)> All(HostScriptText script)
    {
        var unit = script.Words[0];
        if (unit.Length > 0) yield return ("load", host.Units.Any(u => u.Name == unit) ? "LoadState=loaded\n" : "LoadState=not-found\n");
        yield return ("log", Write(Chosen(unit, script.Words.Skip(1).ToArray())));
        yield return ("code", "0\n");
    }

    internal static string Write(IEnumerable<JournalLine> lines) => string.Concat(lines.Select(static l => Line(l).ToJsonString() + "\n"));

    private IEnumerable<JournalLine> Chosen(string unit, string[] options)
    {
        var now = host.Time.GetUtcNow();
        IEnumerable<JournalLine> chosen = host.Journal.OrderBy(static l => l.At);
        if (unit.Length > 0) chosen = chosen.Where(l => l.Unit == unit);
        if (Value("--since=-") is { } since) chosen = chosen.Where(l => l.At >= now - Seconds(since));
        if (Value("--until=-") is { } until) chosen = chosen.Where(l => l.At <= now - Seconds(until));
        if (Value("--priority=") is { } priority) chosen = chosen.Where(l => l.Priority <= int.Parse(priority, CultureInfo.InvariantCulture));
        if (options.Contains("--boot", StringComparer.Ordinal)) chosen = chosen.Where(l => l.Boot == host.BootId);
        if (Value("--grep=") is { } grep)
        {
            // A pattern of small letters means large ones too, as journalctl has it.
            var pattern = new Regex(grep, grep.Any(char.IsUpper) ? RegexOptions.None : RegexOptions.IgnoreCase, s_patience);
            chosen = chosen.Where(l => pattern.IsMatch(l.Message));
        }

        return chosen.TakeLast(Value("--lines=") is { } lines ? int.Parse(lines, CultureInfo.InvariantCulture) : int.MaxValue);

        string? Value(string option) => options.FirstOrDefault(o => o.StartsWith(option, StringComparison.Ordinal))?[option.Length..];
    }

    private static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(long.Parse(text.TrimEnd('s'), CultureInfo.InvariantCulture));

    // All of its values are texts. What systemd itself says of a unit names it in another field than what its process says.
    private static JsonObject Line(JournalLine line)
    {
        var entry = new JsonObject
        {
            ["__REALTIME_TIMESTAMP"] = ((line.At.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture),
            ["_BOOT_ID"] = line.Boot.Replace("-", "", StringComparison.Ordinal),
            ["PRIORITY"] = line.Priority.ToString(CultureInfo.InvariantCulture),
            ["SYSLOG_IDENTIFIER"] = line.Identifier,
            ["MESSAGE"] = line.Message,
        };
        if (line.Identifier != "kernel") entry["_PID"] = line.Pid.ToString(CultureInfo.InvariantCulture);
        if (line.Unit.Length > 0) entry[line.Identifier == "systemd" ? "UNIT" : "_SYSTEMD_UNIT"] = line.Unit;
        if (line.Identifier == "systemd") entry["_SYSTEMD_UNIT"] = "init.scope";
        return entry;
    }
}
