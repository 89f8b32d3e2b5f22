using System.Diagnostics;

namespace Homelab.SystemTests.Kill;

/// <summary>A host in a process of its own, that a test may kill.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _process;

    private HostProcess(Process process, Uri url)
    {
        _process = process;
        Url = url;
    }

    /// <summary>Where it listens.</summary>
    internal Uri Url { get; }

    internal static async Task<HostProcess> StartAsync(string labFile, KillPoint point, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[typeof(HostProcess).Assembly.Location, KillableHost.Switch, labFile, point.ToString()]) start.ArgumentList.Add(argument);
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

    /// <summary>Waits until it is gone. True when it was killed, false when it ended by itself.</summary>
    internal async Task<bool> DiesAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        const int BySigkill = 128 + 9;
        return _process.ExitCode == BySigkill;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
