using System.Diagnostics;
using System.Globalization;

namespace Homelab;

/// <summary>Names a process so that another one can tell whether it still lives: machine, process id and start time.</summary>
public static class ProcessOwner
{
    /// <summary>This process.</summary>
    public static string Current { get; } = Describe(Process.GetCurrentProcess());

    /// <summary>
    /// True when the process may still be at work. On this machine that is looked up; another machine's processes are taken to be alive, because
    /// nobody here can know.
    /// </summary>
    public static bool IsAlive(string owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        if (owner == Current) return true;
        if (owner.Split('/') is not [var machine, var pid, _] || machine != Environment.MachineName) return true;
        try
        {
            using var process = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
            return Describe(process) == owner;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
        catch (IOException)
        {
            // It ended between the two looks.
            return false;
        }
    }

    private static string Describe(Process process) => string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{process.Id}/{StartMark(process)}");

    private static string StartMark(Process process)
    {
        // Process.StartTime is computed from the boot time, which wobbles by milliseconds; the kernel's own count of ticks does not.
        var stat = $"/proc/{process.Id}/stat";
        if (!File.Exists(stat)) return process.StartTime.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
        var text = File.ReadAllText(stat);
        // The second field is the command in parentheses and may hold blanks; the start time is field 22.
        return text[(text.LastIndexOf(')') + 2)..].Split(' ')[19];
    }
}
