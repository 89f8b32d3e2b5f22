using System.Globalization;

namespace Homelab.Lab.Hosts;

/// <summary>What <c>systemctl show</c> tells of a simulated host's units: of the properties that are asked for those that it knows, as systemd does.</summary>
internal sealed class UnitSections(SimulatedHost host)
{
    private const string NotCounted = "[not set]";

    internal IEnumerable<(string Name, string Told)> List(HostScriptText script)
    {
        var pattern = script.Words[0];
        yield return ("units", string.Join('\n', host.Units.Where(u => Wildcard.Matches(pattern, u.Name)).Select(u => Show(script, u))));
    }

    internal IEnumerable<(string Name, string Told)> One(HostScriptText script)
    {
        var name = script.Words[0];
        var lines = script.Words[1] == "0" ? "" : JournalSections.Write(host.Journal.Where(l => l.Unit == name).TakeLast(int.Parse(script.Words[1], CultureInfo.InvariantCulture)));
        yield return ("units", host.Units.FirstOrDefault(u => u.Name == name) is { } unit ? Show(script, unit) : NotFound(script, name));
        yield return ("log", lines);
    }

    private string Show(HostScriptText script, SimulatedUnit unit) => Show(script, new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Id"] = unit.Name,
        ["Description"] = unit.Description,
        ["ActiveState"] = unit.State,
        ["SubState"] = unit.SubState,
        ["LoadState"] = "loaded",
        ["UnitFileState"] = "enabled",
        ["StateChangeTimestamp"] = Time(unit.Since),
        ["Result"] = unit.Result,
        ["Type"] = "simple",
        ["MainPID"] = unit.MainPid.ToString(CultureInfo.InvariantCulture),
        ["ExecMainStatus"] = unit.ExitCode.ToString(CultureInfo.InvariantCulture),
        ["ExecMainExitTimestampMonotonic"] = unit.IsActive ? "0" : Monotonic(unit.EndedAt),
        ["ActiveEnterTimestamp"] = Time(unit.ActiveSince),
        ["ActiveEnterTimestampMonotonic"] = Monotonic(unit.ActiveSince),
        ["NRestarts"] = "0",
        ["MemoryCurrent"] = unit.IsActive ? unit.Memory.ToString(CultureInfo.InvariantCulture) : NotCounted,
        ["TasksCurrent"] = unit.IsActive ? "1" : NotCounted,
        ["InvocationID"] = unit.InvocationId,
        ["FragmentPath"] = $"/usr/lib/systemd/system/{unit.Name}",
        ["SourcePath"] = "",
        ["DropInPaths"] = "",
        ["NeedDaemonReload"] = "no",
        ["TriggeredBy"] = "",
    });

    // systemd shows what it does not know too, and says so.
    private static string NotFound(HostScriptText script, string name) => Show(script, new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Id"] = name,
        ["Description"] = name,
        ["ActiveState"] = "inactive",
        ["SubState"] = "dead",
        ["LoadState"] = "not-found",
        ["UnitFileState"] = "",
    });

    private static string Show(HostScriptText script, Dictionary<string, string> known)
    {
        var wanted = script.Between("--property=", " ").Split(',');
        return string.Concat(known.Where(p => wanted.Contains(p.Key, StringComparer.Ordinal)).Select(static p => $"{p.Key}={p.Value}\n"));
    }

    private static string Time(DateTimeOffset? at) => at is { } time ? time.UtcDateTime.ToString("ddd yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) : "";

    private string Monotonic(DateTimeOffset? at) => at is { } time ? ((long)(time - host.BootedAt).TotalMicroseconds + 1).ToString(CultureInfo.InvariantCulture) : "0";
}
