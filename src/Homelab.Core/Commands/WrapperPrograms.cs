using System.Collections.Frozen;

namespace Homelab;

/// <summary>Programs that run what they are given: a rule that lets one of them have any words lets everything run.</summary>
public static class WrapperPrograms
{
    private static readonly FrozenSet<string> s_names = new[]
    {
        "ash", "awk", "bash", "busybox", "chroot", "command", "cpulimit", "csh", "dash", "doas", "ed", "emacs", "env", "eval", "exec", "expect", "fakeroot", "find", "fish", "flock", "gawk", "gdb", "git", "ionice",
        "ksh", "less", "lua", "make", "man", "mawk", "more", "mosh", "nano", "nawk", "nice", "node", "nohup", "nsenter", "parallel", "perl", "php", "pkexec", "powershell", "pwsh", "python", "python2", "python3", "rbash", "rsync",
        "ruby", "run-parts", "runuser", "rvim", "scp", "screen", "script", "sed", "setarch", "setpriv", "setsid", "sftp", "sh", "socat", "source", "ssh", "start-stop-daemon", "stdbuf", "strace", "su", "sudo", "systemd-run",
        "tar", "taskset", "tclsh", "tcsh", "time", "timeout", "tmux", "toybox", "unshare", "vi", "vim", "watch", "xargs", "xterm", "zip", "zsh", ".", "nc", "ncat", "netcat", "at", "batch", "crontab",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True for a program, by name or by path, that runs other programs.</summary>
    public static bool Has(string program)
    {
        ArgumentNullException.ThrowIfNull(program);
        return s_names.Contains(program[(program.LastIndexOf('/') + 1)..]);
    }
}
