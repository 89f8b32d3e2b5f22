using System.Globalization;
using System.Text;

namespace Homelab.Providers.Ssh;

/// <summary>A line of <c>/proc/mounts</c>.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Source">The device or the share.</param>
/// <param name="Mount">The folder.</param>
/// <param name="Type">The kind of file system.</param>
/// <param name="Options">The options.</param>
internal sealed record MountLine(int Number, string Source, string Mount, string Type, IReadOnlyList<string> Options)
{
    internal bool IsReadOnly => Options.Contains("ro", StringComparer.Ordinal);

    /// <summary>True when it comes over the network, as <see cref="MountTable.Looks"/> has it.</summary>
    internal bool IsRemote => MountTable.IsRemote(Type);

    /// <summary>The server: <c>nas</c> of <c>nas:/tank</c>, <c>//nas/media</c> and <c>anna@nas:/home</c>; empty for one of the host's own.</summary>
    internal string Server
    {
        get
        {
            if (!IsRemote) return "";
            if (Options.FirstOrDefault(static o => o.StartsWith("addr=", StringComparison.Ordinal)) is { } addr && Source.StartsWith("//", StringComparison.Ordinal) is false && !Source.Contains(':', StringComparison.Ordinal)) return addr[5..];
            if (Source.StartsWith("//", StringComparison.Ordinal)) return Source[2..].Split('/')[0];
            var server = Source.StartsWith('[') ? Source[1..].Split(']')[0] : Source.LastIndexOf(":/", StringComparison.Ordinal) is >= 0 and var colon ? Source[..colon] : Source.Split(':')[0];
            return server[(server.IndexOf('@', StringComparison.Ordinal) + 1)..];
        }
    }
}

/// <summary>Reads <c>/proc/mounts</c>, and looks at what comes over the network without being held by it.</summary>
internal static class MountTable
{
    private static readonly string[] s_remote =
    [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "davfs", "glusterfs", "lustre", "beegfs", "ncpfs",
        "fuse.sshfs", "fuse.rclone", "fuse.glusterfs", "fuse.s3fs", "fuse.davfs2", "fuse.ceph-fuse", "fuse.juicefs", "fuse.cifs",
    ];

    // What the kernel and its friends show as files; nobody stores anything there.
    private static readonly string[] s_pseudo =
    [
        "proc", "sysfs", "devpts", "cgroup", "cgroup2", "autofs", "debugfs", "tracefs", "securityfs", "pstore", "bpf", "mqueue", "hugetlbfs", "configfs", "fusectl", "binfmt_misc",
        "nsfs", "rpc_pipefs", "selinuxfs", "efivarfs", "fuse.lxcfs", "fuse.gvfsd-fuse", "fuse.portal",
    ];

    // In memory, read only by their nature, or made of others that are listed themselves.
    private static readonly string[] s_passing = ["tmpfs", "devtmpfs", "ramfs", "squashfs", "overlay", "aufs", "iso9660"];

    /// <summary>
    /// Shell: looks at all mounts of the network at once, and after as many seconds as the first word says leaves those alone that are still silent. A server that is gone
    /// holds whoever touches its mount, and not every such process can be ended. <c>$silent</c> are their numbers, <c>each</c> prints the table.
    /// </summary>
    internal static string Looks { get; } = $$"""
        patience=$1
        table=$(cat /proc/mounts)
        each() { printf '%s\n' "$table"; }
        place() { printf '%b' "$1"; }
        remote() { case $1 in {{string.Join('|', s_remote)}}) return 0 ;; esac; return 1; }
        runs() {
          state=
          { read -r pid name state rest <"/proc/$1/stat"; } 2>/dev/null
          [ -n "$state" ] && [ "$state" != Z ] && [ "$state" != X ]
        }
        some() { for a in $asked; do if runs "${a#*:}"; then return 0; fi; done; return 1; }
        asked=$(n=0; each | while read -r source mount type rest; do
          n=$((n + 1))
          if remote "$type"; then stat -f -- "$(place "$mount")" </dev/null >/dev/null 2>&1 & echo "$n:$!"; fi
        done)
        if [ -n "$asked" ]; then
          nap=1; left=$patience
          if sleep 0.1 2>/dev/null; then nap=0.1; left=$((patience * 10)); fi
          while [ "$left" -gt 0 ] && some; do sleep "$nap"; left=$((left - 1)); done
        fi
        silent=" "
        for a in $asked; do if runs "${a#*:}"; then kill -9 "${a#*:}"; silent="$silent${a%:*} "; fi; done
        s mounts; each

        """;

    /// <summary>Shell: the types that are passed over, between bars.</summary>
    internal static string Pseudo { get; } = string.Join('|', s_pseudo);

    internal static bool IsRemote(string type) => s_remote.Contains(type, StringComparer.Ordinal);

    /// <summary>True for what people do not mean by their file systems: what the kernel shows as files, what is in memory, what is made of others. The root always counts.</summary>
    internal static bool IsPassing(MountLine line) => line.Mount != "/" && (s_pseudo.Contains(line.Type, StringComparer.Ordinal) || s_passing.Contains(line.Type, StringComparer.Ordinal));

    /// <summary>The table. Of several on one folder only the last can be seen, and is told.</summary>
    internal static IReadOnlyList<MountLine> Read(HostSections sections)
    {
        sections.Text("mounts");
        var lines = new List<MountLine>();
        var number = 0;
        foreach (var line in sections.Lines("mounts"))
        {
            number++;
            var fields = line.Split(' ');
            if (fields.Length < 4) throw HostErrors.Unreadable(sections.Host, $"the line '{HostErrors.Shown(line)}' of /proc/mounts");
            lines.Add(new MountLine(number, Decode(fields[0]), Decode(fields[1]), fields[2], [.. fields[3].Split(',').Select(Decode)]));
        }

        return [.. lines.GroupBy(static l => l.Mount, StringComparer.Ordinal).Select(static g => g.Last()).OrderBy(static l => l.Number)];
    }

    /// <summary>Notes about mounts by their number: <c>21 silent</c>.</summary>
    internal static ILookup<int, string> Notes(HostSections sections, string section) =>
        sections.Lines(section)
            .Select(static l => l.Split(' ', 2))
            .Where(static w => w.Length == 2 && int.TryParse(w[0], NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .ToLookup(static w => int.Parse(w[0], CultureInfo.InvariantCulture), static w => w[1]);

    /// <summary>What the kernel writes as <c>\040</c>: blanks, tabs, line breaks, backslashes.</summary>
    internal static string Decode(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text.AsSpan(i + 1, 3).ContainsAnyExceptInRange('0', '7') is false)
            {
                plain.Append((char)Convert.ToInt32(text.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}
