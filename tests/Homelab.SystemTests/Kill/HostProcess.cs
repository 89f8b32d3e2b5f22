using System.Diagnostics;
using Homelab.Tests;

namespace Homelab.SystemTests.Kill;

/// <summary>A host in a process of its own, that a test may kill.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    // Protects from hanging only.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;

    private HostProcess(Process process, Uri url)
    {
        _process = process;
        Url = url;
    }

    /// <summary>Where it listens.</summary>
    internal Uri Url { get; }

    internal static async Task<HostProcess> StartAsync(string labFile, KillPoint point, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken, SuddenEnd end = SuddenEnd.Kill, string mode = KillableHost.Switch)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[typeof(HostProcess).Assembly.Location, mode, labFile, point.ToString(), end.ToString()]) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.StartsWith("ready ", StringComparison.Ordinal)) return new HostProcess(process, new Uri(line["ready ".Length..]));
            }

            throw new InvalidOperationException($"The host ended before it was ready: {await process.StandardError.ReadToEndAsync(cancellationToken)}");
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>SIGKILL from outside.</summary>
    internal void Kill() => _process.Kill();

    /// <summary>True while it is frozen.</summary>
    internal bool IsFrozen
    {
        get
        {
            // The name of the program is in parentheses and may hold blanks; its state follows.
            try
            {
                var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
                return stat[stat.LastIndexOf(')') + 2] == 'T';
            }
            catch (IOException)
            {
                // It has ended.
                return false;
            }
        }
    }

    /// <summary>Freezes it.</summary>
    internal async Task FreezeAsync(CancellationToken cancellationToken)
    {
        await SignalAsync("STOP", cancellationToken);
        await Eventually.HoldsAsync("it is frozen", () => Task.FromResult(IsFrozen), cancellationToken);
    }

    /// <summary>Lets a frozen one go on.</summary>
    internal Task GoOnAsync(CancellationToken cancellationToken) => SignalAsync("CONT", cancellationToken);

    private async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-s", signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits until it is gone. True when it was killed, false when it ended by itself.</summary>
    internal async Task<bool> DiesAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(s_patience, cancellationToken);
        const int BySigkill = 128 + 9;
        return _process.ExitCode == BySigkill;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // A frozen one hears nothing.
            if (IsFrozen) _process.Kill();
            else _process.StandardInput.Close();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
