using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Homelab.Composition;
using Homelab.Tests;

namespace Homelab.SystemTests.PowerShell;

/// <summary>A real PowerShell as a child process, with the module as it is laid out beside the tests.</summary>
internal sealed class PwshProcess : IAsyncDisposable
{
    // Protects from hanging only: several of these at once, each with a module to compile, take long on a busy machine.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private PwshProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Take(e.Data);
        process.ErrorDataReceived += (_, e) => Take(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The folder of the modules that were laid out for these tests.</summary>
    internal static string Modules { get; } = Path.Combine(AppContext.BaseDirectory, "modules");

    /// <summary>The command that imports our module.</summary>
    internal static string Import { get; } = ImportOf("Homelab.PowerShell/Homelab.PowerShell.psd1");

    /// <summary>What it printed, errors included.</summary>
    internal IReadOnlyList<string> Lines => [.. _lines];

    internal bool HasExited => _process.HasExited;

    /// <summary>The command that imports a module.</summary>
    internal static string ImportOf(string module) => $"Import-Module '{Path.Combine(Modules, module)}' -ErrorAction Stop";

    /// <summary>Starts a script, as <c>pwsh -Command</c>.</summary>
    internal static PwshProcess StartCommand(string labFile, string script) => Start(labFile, ["-Command", script]);

    /// <summary>Starts an interactive session that reads its lines from the test.</summary>
    internal static PwshProcess StartSession(string labFile) => Start(labFile, ["-Interactive"]);

    /// <summary>Runs a script to its end.</summary>
    /// <returns>What it printed.</returns>
    internal static async Task<IReadOnlyList<string>> RunAsync(string labFile, string script)
    {
        await using var pwsh = StartCommand(labFile, "$ErrorActionPreference = 'Stop'; " + script);
        var code = await pwsh.EndAsync();
        Assert.True(code == 0, $"It ended with {code}:\n{string.Join('\n', pwsh.Lines)}");
        return pwsh.Lines;
    }

    /// <summary>Types a line.</summary>
    internal async Task TypeAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until something was printed.</summary>
    internal Task PrintedAsync(string text) =>
        Eventually.HoldsAsync($"'{text}' in:\n{string.Join('\n', Lines)}", () => Task.FromResult(Lines.Any(l => l.Contains(text, StringComparison.Ordinal))), TestContext.Current.CancellationToken, s_patience);

    /// <summary>Presses Ctrl+C, as a terminal does it.</summary>
    /// <returns>When.</returns>
    internal async Task<long> InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-s", "INT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        var at = Stopwatch.GetTimestamp();
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
        return at;
    }

    /// <summary>The exit code.</summary>
    internal async Task<int> EndAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(s_patience);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static PwshProcess Start(string labFile, string[] arguments)
    {
        var pwsh = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(f => Path.Combine(f, "pwsh")).FirstOrDefault(File.Exists);
        Peer.Require("pwsh", pwsh is null ? "there is no pwsh on the PATH" : null);
        var start = new ProcessStartInfo(pwsh!, ["-NoProfile", "-NoLogo", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(labFile),
        };
        start.Environment[LabLocator.Variable] = labFile;
        start.Environment["NO_COLOR"] = "1";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        // No profile of what it compiled: one that is killed while it writes that spoils it for whoever starts next.
        start.Environment["DOTNET_MultiCoreJitMinNumCpus"] = "1000";
        return new PwshProcess(Process.Start(start)!);
    }

    private void Take(string? line)
    {
        if (line is not null) _lines.Enqueue(line);
    }
}
