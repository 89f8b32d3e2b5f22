using System.Diagnostics;

namespace Homelab.Providers.Scripts;

/// <summary>The shell that runs scripts: where it is, and with what it is started.</summary>
/// <param name="program">Its path, absolute; null to look for it on the PATH.</param>
/// <param name="environment">This process's environment.</param>
internal sealed class Pwsh(string? program, Func<string, string?> environment)
{
    /// <summary>Its name among the words of a command, wherever it is.</summary>
    internal const string Word = "pwsh";

    /// <summary>Where it is.</summary>
    /// <exception cref="HomelabException"><c>PwshNotFound</c> (Invalid).</exception>
    internal string Find()
    {
        if (program is not null) return File.Exists(program) ? program : throw NotFound($"there is no {program}");
        var name = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        foreach (var folder in (environment("PATH") ?? "").Split(Path.PathSeparator))
        {
            // A relative folder would mean another one for each working folder.
            if (Path.IsPathFullyQualified(folder) && Path.Combine(folder, name) is var candidate && File.Exists(candidate)) return candidate;
        }

        throw NotFound("it is not on the PATH");
    }

    /// <summary>How a script is run.</summary>
    internal ProcessStartInfo Start(string script, string workingFolder, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Find())
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach (var word in (string[])["-NoLogo", "-NoProfile", "-NonInteractive", "-File", script, .. arguments]) start.ArgumentList.Add(word);
        BareEnvironment.Give(start, environment);
        start.Environment["NO_COLOR"] = "1";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        return start;
    }

    private static HomelabException NotFound(string why)
    {
        const string WayOut = "Install PowerShell 7.6, or set providers.scripts.pwsh in the lab file.";
        return new HomelabException(ErrorKind.Invalid, "PwshNotFound", $"Scripts are run by pwsh, and {why}. {WayOut}", Word) { WayOut = WayOut, NothingHappened = true };
    }
}
