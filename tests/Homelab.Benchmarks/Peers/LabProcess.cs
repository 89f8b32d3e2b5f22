using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Homelab.Benchmarks.Peers;

/// <summary><c>homelab lab</c>: a simulated homelab with a crowd in it, in a process of its own.</summary>
internal sealed class LabProcess : IAsyncDisposable
{
    private readonly Process _process;

    private readonly HttpClient _control;

    private LabProcess(Process process, string labFile, Uri control)
    {
        _process = process;
        _control = new HttpClient { BaseAddress = control };
        LabFile = labFile;
    }

    /// <summary>The lab file that describes it.</summary>
    internal string LabFile { get; }

    internal static Task<LabProcess> StartAsync(int containers, int hosts, CancellationToken cancellationToken) =>
        StartAsync(["--containers", containers.ToString(CultureInfo.InvariantCulture), "--hosts", hosts.ToString(CultureInfo.InvariantCulture)], cancellationToken);

    internal static async Task<LabProcess> StartAsync(string[] crowd, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[HomelabProcess.Program, "lab", "--attached", .. crowd])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("homelab lab ended before it was ready.");
        using var ready = JsonDocument.Parse(line);
        return new LabProcess(process, ready.RootElement.GetProperty("lab").GetString()!, new Uri(ready.RootElement.GetProperty("control").GetString()!));
    }

    /// <summary>How many requests its systems have had.</summary>
    internal async Task<int> RequestsAsync(CancellationToken cancellationToken)
    {
        using var answer = JsonDocument.Parse(await _control.GetStringAsync(new Uri("/requests", UriKind.Relative), cancellationToken));
        return answer.RootElement.GetProperty("count").GetInt32();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _control.Dispose();
    }
}
