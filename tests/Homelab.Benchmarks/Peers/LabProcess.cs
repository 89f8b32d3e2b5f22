using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Homelab.Benchmarks.Peers;

/// <summary><c>homelab lab</c>: a simulated homelab with a crowd of containers, in a process of its own.</summary>
internal sealed class LabProcess : IAsyncDisposable
{
    private readonly Process _process;

    private LabProcess(Process process, string labFile)
    {
        _process = process;
        LabFile = labFile;
    }

    /// <summary>The lab file that describes it.</summary>
    internal string LabFile { get; }

    internal static async Task<LabProcess> StartAsync(int containers, int hosts, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[HomelabProcess.Program, "lab", "--attached", "--containers", containers.ToString(CultureInfo.InvariantCulture), "--hosts", hosts.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("homelab lab ended before it was ready.");
        using var ready = JsonDocument.Parse(line);
        return new LabProcess(process, ready.RootElement.GetProperty("lab").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
