using System.Diagnostics;
using System.Text;

namespace Homelab.Tests;

/// <summary>Programs that a test writes, for a shell to run.</summary>
public static class Script
{
    /// <summary>Writes one that can be run at once.</summary>
    /// <returns>Its path.</returns>
    public static string Write(string path, string text)
    {
        // By another process: what is open for writing cannot be run, and each program that is just being started from here holds a copy of what is open here.
        var start = new ProcessStartInfo("sh", ["-c", "cat >\"$1\" && chmod 755 \"$1\"", "sh", path]) { RedirectStandardInput = true, StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), UseShellExecute = false };
        using var shell = Process.Start(start)!;
        shell.StandardInput.Write(text);
        shell.StandardInput.Close();
        shell.WaitForExit();
        return shell.ExitCode == 0 ? path : throw new IOException($"{path} could not be written: {shell.ExitCode}.");
    }
}
