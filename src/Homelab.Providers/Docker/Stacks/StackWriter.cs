using System.Globalization;

namespace Homelab.Providers.Docker;

/// <summary>Writes a compose file in the place of the old one: only over what was read, only what compose finds right, and at once or not at all. The old one is kept beside it.</summary>
internal sealed class StackWriter(StackKeeper keeper, OperationContext context)
{
    private const int Kept = 5;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    // The temporary file lies in the same folder: paths in it lead where they will, and a rename is one step. It is gone however this ends.
    private static readonly StackScript s_write = new("""
        name=$1; old=$2; stamp=$3; keep=$4; put=$5
        [ "$over" = "$put" ] || { s changed; quit; }
        same() {
          if [ -z "$old" ]; then [ -z "$main" ] && [ ! -e "$name" ] && [ ! -L "$name" ]; return; fi
          [ "$main" = "$name" ] && [ ! -L "$name" ] && h=$(sha256sum <"$name") && [ "${h%% *}" = "$old" ]
        }
        same || { s changed; quit; }
        umask 077
        t=".$name.$m.tmp"
        trap 'rm -f "$t"' EXIT; trap 'exit 143' HUP INT TERM
        (set -C; cat >"$t") || { s unwritable; quit; }
        if [ -n "$old" ]; then owner=$(stat -c %u:%g "$name"); mode=$(stat -c %a "$name"); else owner=$(stat -c %u:%g .); mode=640; fi
        if [ "$(stat -c %u:%g "$t")" != "$owner" ]; then chown "$owner" "$t" || { s unwritable; quit; }; fi
        chmod "$mode" "$t" || { s unwritable; quit; }
        out=$(c -f "$t" ${over:+-f "$over"} config -q 2>&1 </dev/null) || { s invalid; printf '%s\n' "$out" | sed "s/$t/$name/g" | tail -c 4000; quit; }
        if [ -n "$old" ]; then cp -p "$name" "$name.$stamp.bak" || { s unwritable; quit; }; fi
        same || { s changed; [ -z "$old" ] || rm -f "$name.$stamp.bak"; quit; }
        mv -f "$t" "$name" || { s unwritable; quit; }
        s written
        set -- "$name".*.bak
        while [ $# -gt "$keep" ]; do rm -f "$1"; shift; done
        """)
    { AsRoot = true, Timeout = s_patience };

    private static readonly StackScript s_backup = new("""
        inside "$1" || { s gone; quit; }
        [ "$(wc -c <"$1")" -le "$2" ] || { s gone; quit; }
        s text; base64 <"$1"
        """)
    { AsRoot = true };

    /// <summary>What a backup holds.</summary>
    /// <exception cref="HomelabException"><c>StackBackupNotFound</c> (NotFound).</exception>
    internal static async Task<byte[]> BackupAsync(StackKeeper keeper, StackPlace place, StackHome home, string name, CancellationToken cancellationToken)
    {
        // Only a name that was listed: it is no path.
        if (home.Backups.Contains(name, StringComparer.Ordinal))
        {
            var told = await s_backup.RunAsync(keeper.ShellOf(place), place, "", new StackWish(name, StackHome.Largest.ToString(CultureInfo.InvariantCulture)), cancellationToken).ConfigureAwait(false);
            if (told.Find("text") is { } text) return Convert.FromBase64String(text);
        }

        throw StackErrors.Make(ErrorKind.NotFound, "StackBackupNotFound", $"Stack {place} has no backup '{ForeignText.Clean(name, 200)}'.", home.Backups.Count == 0 ? "There are none." : $"There are {string.Join(", ", home.Backups)}.", place);
    }

    /// <summary>Writes it, and reads it again.</summary>
    /// <param name="place">The stack.</param>
    /// <param name="before">Its folder as it was looked at.</param>
    /// <param name="bytes">What to write.</param>
    /// <param name="hidden">What must not be told.</param>
    /// <param name="cancellationToken">Ends it; before the rename nothing has changed.</param>
    /// <returns>The name of the backup, null where nothing was there; and which compose has looked at it.</returns>
    internal async Task<(string? Backup, ComposeProgram Compose)> WriteAsync(StackPlace place, StackHome before, byte[] bytes, HiddenSecrets hidden, CancellationToken cancellationToken)
    {
        var activity = $"Writing the compose file of {place}";
        context.Report(activity, "asking for compose");
        var program = await keeper.ProgramAsync(place, cancellationToken).ConfigureAwait(false);
        var name = before.Name ?? StackHome.NewName;
        var stamp = context.Time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        context.Report(activity, $"{program} looks at it");
        var wish = new StackWish(name, before.Hash ?? "", stamp, Kept.ToString(CultureInfo.InvariantCulture), before.Override ?? "") { Input = bytes };
        var told = await s_write.RunAsync(keeper.ShellOf(place), place, program.Kind, wish, cancellationToken).ConfigureAwait(false);
        if (told.Find("changed") is not null) throw StackErrors.Changed(place);
        if (told.Find("invalid") is { } invalid)
        {
            throw StackErrors.Make(ErrorKind.Invalid, "StackFileInvalid", $"{program} on {place.Host} finds the new {name} of stack {place} wrong: {StackKeeper.LastOf(hidden.Clean(invalid))}.", "Mend that, and write it again; the old file is as it was.", place);
        }

        if (told.Find("written") is null)
        {
            throw StackErrors.Make(ErrorKind.Denied, "StackFolderDenied", $"The account on {place.Host} cannot write {name} in {before.Folder} as it is there: {DockerErrors.Shown(told.Error).TrimEnd('.')}.", $"Let it, or set hosts.{place.Host}.ssh.sudo in the lab file.", place);
        }

        context.SayActed();
        context.Report(activity, "reading it again");
        var after = await keeper.ReadAsync(place, cancellationToken).ConfigureAwait(false);
        if (after.Name == name && after.Hash == StackHome.HashOf(bytes)) return (before.Name is null ? null : $"{name}.{stamp}.bak", program);
        throw StackErrors.Make(ErrorKind.Failed, "StackFileNotWritten", $"{name} of stack {place} was written, and holds something else now.", $"Run Get-HlStackFile {place} to see what; somebody may write it too.", place, nothingHappened: false);
    }
}
