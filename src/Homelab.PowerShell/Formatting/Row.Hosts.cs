using System.Globalization;

namespace Homelab.PowerShell.Formatting;

/// <content>Hosts, their units and what they hold.</content>
public static partial class Row
{
    private const double Busy = 1.0;

    /// <summary>What wanted a processor of a host in the last minutes, in the colour of whether there was one for each.</summary>
    public static string Load(HostSystem host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (host.Load1 is not { } now) return "";
        var text = string.Join(' ', new[] { host.Load1, host.Load5, host.Load15 }.OfType<double>().Select(static l => l.ToString("0.00", CultureInfo.InvariantCulture)));
        return host.Cpus is { } cpus && now > 2 * Busy * cpus ? Tint.Bad(text) : host.Cpus is { } few && now > Busy * few ? Tint.Warn(text) : text;
    }

    /// <summary>How much of its memory a host uses, in the colour of how full it is; empty where it does not tell.</summary>
    public static string Memory(HostSystem host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host is { MemoryTotal: { } total, MemoryAvailable: { } available } ? Used(total - available, total) : "";
    }

    /// <summary>What somebody should look at: failed units, a restart that is pending.</summary>
    public static string Notes(HostSystem host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (host.FailedUnits is > 0 and var failed) return Tint.Bad(string.Create(CultureInfo.InvariantCulture, $"{failed} failed{(host.RebootPending is true ? ", reboot pending" : "")}"));
        return host.RebootPending is true ? Tint.Warn("reboot pending") : Cell.Text(host.State);
    }

    /// <summary>Whether a host wants to be restarted; empty where it cannot tell.</summary>
    public static string Reboot(HostSystem host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.RebootPending switch { true => Tint.Warn("yes"), false => Tint.Good("no"), _ => "" };
    }

    /// <summary>How full a file system is with inodes; empty where it makes them as they are needed.</summary>
    public static string Inodes(HostDisk disk)
    {
        ArgumentNullException.ThrowIfNull(disk);
        return Full(disk.InodeFraction);
    }

    /// <summary>How full a file system is, in the colour of that.</summary>
    public static string Full(double? fraction)
    {
        var text = Cell.Share(fraction);
        return fraction >= FullShare ? Tint.Bad(text) : fraction >= NearlyFull ? Tint.Warn(text) : text;
    }

    /// <summary>What a mount is like: whether its server answers, and what is wrong.</summary>
    public static string State(HostMount mount)
    {
        ArgumentNullException.ThrowIfNull(mount);
        return Tint.Of(mount.State, Cell.Text(mount.Problem.Length > 0 ? $"{mount.State}: {mount.Problem}" : mount.State.ToString()));
    }

    /// <summary>Whether an update mends a hole in security; empty where the tool does not tell.</summary>
    public static string Security(HostUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return update.Security switch { true => Tint.Bad("yes"), false => "no", _ => "" };
    }

    /// <summary>What a unit does, in its own words and in the colour of its state.</summary>
    public static string State(HostUnit unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        var text = unit.Load is "not-found" or "bad-setting" or "error" or "masked" ? unit.Load : unit.SubState.Length > 0 ? $"{unit.State} ({unit.SubState})" : unit.State.ToString();
        return Tint.Of(unit.State, Cell.Text(text));
    }

    /// <summary>Who wrote an entry of the journal.</summary>
    public static string Writer(JournalEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Cell.Text(entry.Identifier.Length > 0 ? entry.Identifier : entry.Unit);
    }

    /// <summary>The text of an entry of the journal, in the colour of how much it matters.</summary>
    public static string Text(JournalEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Tint.Of(entry.Priority, Cell.Line(entry.Message));
    }

    /// <summary>The last lines of a unit.</summary>
    public static string Log(HostUnitDetail unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        return Cell.Lines(unit.Log.Select(static e => $"{Cell.Time(e.At)} {e.Message}"));
    }
}
