using System.Text.Json;

namespace Homelab.PowerShell.Hosting;

/// <summary>Starts <c>homelab lab</c>: a simulated homelab in a process of its own.</summary>
internal static class LabSimulator
{
    /// <summary>Starts it and waits until it is ready.</summary>
    /// <returns>The process, and the lab file that describes what it simulates.</returns>
    /// <exception cref="HomelabException"><c>HostFailed</c>: it ended before it was ready.</exception>
    internal static async Task<(HostProcess Process, string LabFile)> StartAsync(HostProgram program, string folder, CancellationToken cancellationToken)
    {
        var process = await HostProcess.StartAsync(program, ["lab", "--attached"], folder, firstLine: null).ConfigureAwait(false);
        try
        {
            await foreach (var line in process.ReadLinesAsync(cancellationToken).ConfigureAwait(false))
            {
                using var told = JsonDocument.Parse(line);
                if (told.RootElement.TryGetProperty("lab", out var lab)) return (process, lab.GetString()!);
            }

            throw new HomelabException(ErrorKind.Failed, "HostFailed", "The simulated homelab ended before it was ready.", program.FileName);
        }
        catch
        {
            await process.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
