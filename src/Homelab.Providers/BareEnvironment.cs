using System.Diagnostics;

namespace Homelab.Providers;

/// <summary>What programs that we start need of our environment to work at all. All else stays here: secrets come to us by it.</summary>
internal static class BareEnvironment
{
    private static readonly string[] s_kept =
    [
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "DOTNET_ROOT",
        "SystemRoot", "SystemDrive", "ComSpec", "PATHEXT", "TEMP", "TMP", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "ProgramData", "ProgramFiles", "windir",
    ];

    /// <summary>Leaves a program those alone.</summary>
    /// <param name="start">How it is started.</param>
    /// <param name="environment">Reads our environment.</param>
    internal static void Give(ProcessStartInfo start, Func<string, string?> environment)
    {
        start.Environment.Clear();
        foreach (var name in s_kept)
        {
            if (environment(name) is { } value) start.Environment[name] = value;
        }
    }
}
