using System.Globalization;
using System.Text;

namespace Homelab.Lab.Hosts;

/// <summary>What <c>/proc/mounts</c> and <c>stat -f</c> tell of a simulated host.</summary>
internal sealed class MountSections(SimulatedHost host)
{
    private const long Block = 4096;
    private const long BytesPerInode = 16 * 1024;

    internal IEnumerable<(string Name, string Told)> Disks(HostScriptText script)
    {
        // What is passed over, and what comes over the network, is the script's own to say.
        var passed = script.Between("case $type in ", ")").Split('|');
        var remote = Remote(script);
        yield return ("mounts", Table());
        yield return ("sizes", Numbered((f, n) => passed.Contains(f.Type, StringComparer.Ordinal) ? "" : remote.Contains(f.Type, StringComparer.Ordinal) && !f.Answers ? $"{n} silent\n" : $"{n} stat {Measure(f)}\n"));
    }

    internal IEnumerable<(string Name, string Told)> Mounts(HostScriptText script)
    {
        var remote = Remote(script);
        yield return ("mounts", Table());
        yield return ("looks", Numbered((f, n) => !remote.Contains(f.Type, StringComparer.Ordinal) ? "" : f.Answers ? $"{n} answers\n" : $"{n} silent\n"));
    }

    private static string[] Remote(HostScriptText script) => script.Between("remote() { case $1 in ", ")").Split('|');

    private string Table() => string.Concat(host.FileSystems.Select(static f => $"{Escape(f.Source)} {Escape(f.Mount)} {f.Type} {f.Options} 0 0\n"));

    private string Numbered(Func<SimulatedFileSystem, int, string> tell) => string.Concat(host.FileSystems.Select((f, i) => tell(f, i + 1)));

    // stat -f -c '%S %b %f %a %c %d': the block, then all, free and available blocks, all and free inodes.
    private string Measure(SimulatedFileSystem fileSystem)
    {
        var used = host.UsedOf(fileSystem);
        // FAT has none.
        var inodes = fileSystem.Type == "vfat" ? 0 : fileSystem.Size / BytesPerInode;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Block} {fileSystem.Size / Block} {(fileSystem.Size - used) / Block} {host.AvailableOf(fileSystem) / Block} {inodes} {inodes - Math.Min(inodes, used / (4 * BytesPerInode))}");
    }

    // As the kernel writes blanks.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text) escaped.Append(c is ' ' or '\t' or '\n' or '\\' ? "\\" + Convert.ToString(c, 8).PadLeft(3, '0') : c.ToString());
        return escaped.ToString();
    }
}
