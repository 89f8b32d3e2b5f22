namespace Homelab.Providers.Ssh;

/// <summary>Reads what is mounted, and whether those of the network answer.</summary>
internal static class MountReader
{
    internal static HostScript Script { get; } = new(MountTable.Looks + """
        s looks
        n=0
        each | while read -r source mount type rest; do
          n=$((n + 1))
          remote "$type" || continue
          case $silent in *" $n "*) echo "$n silent"; continue ;; esac
          if said=$(stat -f -- "$(place "$mount")" 2>&1 </dev/null); then echo "$n answers"; else echo "$n fails $(printf %s "$said" | tail -n 1)"; fi
        done
        """);

    internal static IReadOnlyList<HostMount> Read(HostSections sections, TimeSpan patience, bool all)
    {
        var looks = MountTable.Notes(sections, "looks");
        return [.. MountTable.Read(sections).Where(l => all || !MountTable.IsPassing(l)).Select(l => Of(sections.Host, l, looks[l.Number].FirstOrDefault(), patience))];
    }

    private static HostMount Of(string host, MountLine line, string? look, TimeSpan patience)
    {
        var (state, problem) = !line.IsRemote ? (MountState.Mounted, "") : look switch
        {
            "answers" => (MountState.Answers, ""),
            "silent" => (MountState.Stale, $"no answer within {Duration.Format(patience)}"),
            { } said when said.StartsWith("fails ", StringComparison.Ordinal) => Failed(said[6..]),
            _ => (MountState.Unknown, "it was not looked at"),
        };
        return new HostMount
        {
            Host = host,
            Mount = line.Mount,
            Source = line.Source,
            Type = line.Type,
            Options = line.Options,
            ReadOnly = line.IsReadOnly,
            Server = line.Server,
            State = state,
            Problem = problem,
        };
    }

    // "stat: cannot read file system information for '/mnt/nas': Stale file handle"
    private static (MountState State, string Problem) Failed(string said)
    {
        var why = HostErrors.Shown(said[(said.LastIndexOf(": ", StringComparison.Ordinal) is >= 0 and var at ? at + 2 : 0)..]);
        // The kernel refuses without asking the server: a FUSE mount of another user's.
        return (why.Contains("ermission denied", StringComparison.Ordinal) || why.Contains("not found", StringComparison.Ordinal) ? MountState.Unknown : MountState.Stale, why);
    }
}
