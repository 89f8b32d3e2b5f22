using System.Diagnostics;
using System.Globalization;

namespace Homelab.Benchmarks.Peers;

/// <summary>A real PowerShell, started anew for every script.</summary>
internal sealed class Pwsh(IReadOnlyDictionary<string, string> environment)
{
    // What this process alone holds, which the kernel knows best.
    private const string PrivateMemory = """
        ; if ($IsLinux) { $held = 0; [IO.File]::ReadAllLines('/proc/self/smaps_rollup') -match '^Private_' | ForEach-Object { $held += [double]($_ -split '\s+')[1] * 1024 } } else { $held = [Diagnostics.Process]::GetCurrentProcess().PrivateMemorySize64 }
        [Console]::WriteLine("held $held")
        """;

    /// <summary>The program; null where it is not installed.</summary>
    internal static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(f => Path.Combine(f, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh")).FirstOrDefault(File.Exists);

    /// <summary>Milliseconds from the start of the process until it has ended and everything it printed was read.</summary>
    internal async Task<double> TimeAsync(string script, CancellationToken cancellationToken) => (await RunAsync(script, cancellationToken)).Milliseconds;

    /// <summary>Private memory at the end of the script, in MB.</summary>
    internal async Task<double> MemoryAsync(string script, CancellationToken cancellationToken) =>
        (await RunAsync(script + PrivateMemory, cancellationToken)).Lines.Where(l => l.StartsWith("held ", StringComparison.Ordinal)).Select(l => double.Parse(l[5..], CultureInfo.InvariantCulture)).Single() / 1e6;

    /// <summary>Milliseconds that a command takes in one session, time after time.</summary>
    /// <param name="first">What is done once before.</param>
    /// <param name="command">The command.</param>
    /// <param name="runs">How often.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task<IReadOnlyList<double>> TimesAsync(string first, string command, int runs, CancellationToken cancellationToken)
    {
        var script = $"{first}; foreach ($run in 1..{runs}) {{ $began = [Diagnostics.Stopwatch]::GetTimestamp(); {command}; $took = [Diagnostics.Stopwatch]::GetElapsedTime($began); [Console]::WriteLine('took ' + $took.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)) }}";
        return [.. (await RunAsync(script, cancellationToken)).Lines.Where(l => l.StartsWith("took ", StringComparison.Ordinal)).Select(l => double.Parse(l[5..], CultureInfo.InvariantCulture))];
    }

    private async Task<(double Milliseconds, IReadOnlyList<string> Lines)> RunAsync(string script, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Program!, ["-NoProfile", "-NoLogo", "-NonInteractive", "-Command", "$ErrorActionPreference = 'Stop'; " + script]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var said = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        if (process.ExitCode != 0) throw new InvalidOperationException($"pwsh ended with {process.ExitCode}: {await errors}{said}");
        return (took, said.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }
}
