using System.ComponentModel;
using System.Diagnostics;

namespace Homelab.PowerShell.Hosting;

/// <summary>The program <c>homelab</c> that comes with the module, and how it is started here.</summary>
/// <param name="FileName">What to start.</param>
/// <param name="Arguments">What comes before the program's own arguments.</param>
internal sealed record HostProgram(string FileName, IReadOnlyList<string> Arguments)
{
    private const string Framework = "Microsoft.AspNetCore.App 10.";

    // Who may read the program may run it: there is nothing secret in it, and it gets no rights by being run.
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    // On a busy machine a program that is well may take half a minute to answer.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    // Where .NET is installed when nothing says so.
    private static IReadOnlyList<string> UsualFolders { get; } = OperatingSystem.IsWindows()
        ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "dotnet")]
        : ["/usr/share/dotnet", "/usr/lib/dotnet", "/usr/local/share/dotnet", "/opt/dotnet", Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".dotnet")];

    /// <summary>Finds it: self-contained where the package is one, else with the .NET that is installed.</summary>
    /// <param name="folder">The module's folder <c>host</c>.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="HomelabException">
    /// <c>HostMissing</c>, <c>HostRuntimeMissing</c> (NotFound): with what to install. <c>HostNotExecutable</c> (Denied): the owner of the module must make it so.
    /// </exception>
    internal static Task<HostProgram> FindAsync(string folder, Func<string, string?> environment, CancellationToken cancellationToken) => FindAsync(folder, environment, UsualFolders, cancellationToken);

    /// <summary>Finds it, as on a machine where .NET is usually in other folders.</summary>
    internal static async Task<HostProgram> FindAsync(string folder, Func<string, string?> environment, IReadOnlyList<string> usualFolders, CancellationToken cancellationToken)
    {
        var program = Path.Combine(folder, "homelab.dll");
        if (!File.Exists(program)) throw new HomelabException(ErrorKind.NotFound, "HostMissing", $"The program homelab is not in {folder}. Install the module anew.", folder);

        // Only a self-contained program has the runtime beside it.
        var own = Path.Combine(folder, OperatingSystem.IsWindows() ? "homelab.exe" : "homelab");
        if (File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "coreclr.dll" : OperatingSystem.IsMacOS() ? "libcoreclr.dylib" : "libcoreclr.so")))
        {
            MakeExecutable(own);
            return new HostProgram(own, []);
        }

        foreach (var dotnet in Candidates(environment, usualFolders).Where(File.Exists).Distinct(StringComparer.Ordinal))
        {
            if (await HasFrameworkAsync(dotnet, cancellationToken).ConfigureAwait(false)) return new HostProgram(dotnet, [program]);
        }

        throw new HomelabException(
            ErrorKind.NotFound,
            "HostRuntimeMissing",
            "The program homelab needs the ASP.NET Core 10 runtime, which is not on this machine. Install it (Debian and Ubuntu: apt install aspnetcore-runtime-10.0; "
            + "Windows: winget install Microsoft.DotNet.AspNetCore.10; macOS: brew install dotnet; all: https://dotnet.microsoft.com/download/dotnet/10.0), or install the self-contained package of this module.",
            folder);
    }

    // A package is a zip archive, which knows no modes: what is unpacked from it cannot be run.
    private static void MakeExecutable(string program)
    {
        if (OperatingSystem.IsWindows()) return;
        var mode = File.GetUnixFileMode(program);
        // Each right to run it is two bits below the one to read it.
        var wanted = mode | (UnixFileMode)((int)(mode & Readable) >> 2);
        if (wanted == mode) return;
        try
        {
            File.SetUnixFileMode(program, wanted);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new HomelabException(ErrorKind.Denied, "HostNotExecutable", $"The program {program} may not be run, and you may not change that. Its owner does it once: chmod +x '{program}'.", program, e);
        }
    }

    private static IEnumerable<string> Candidates(Func<string, string?> environment, IReadOnlyList<string> usualFolders)
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var folders = new List<string?> { environment("DOTNET_ROOT") };
        folders.AddRange((environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        folders.AddRange(usualFolders);
        return folders.Where(static f => !string.IsNullOrEmpty(f)).Select(f => Path.Combine(f!, name));
    }

    private static async Task<bool> HasFrameworkAsync(string dotnet, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        using var process = new Process { StartInfo = new ProcessStartInfo(dotnet, ["--list-runtimes"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true } };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            // A file of that name that cannot be run is not .NET.
            return false;
        }

        try
        {
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            var listed = await process.StandardOutput.ReadToEndAsync(patience.Token).ConfigureAwait(false);
            await errors.ConfigureAwait(false);
            return listed.Contains(Framework, StringComparison.Ordinal);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // One that does not even answer that would run nothing either.
            return false;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
