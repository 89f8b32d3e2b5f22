using System.Collections.Concurrent;
using System.Diagnostics;
using Homelab.Tests;

namespace Homelab.SystemTests.Monitoring;

/// <summary>A real Alertmanager on a free port of 127.0.0.1, which tells nobody.</summary>
internal sealed class Alertmanager : IAsyncDisposable
{
    private static readonly string[] s_places = ["/usr/bin/prometheus-alertmanager", "/usr/local/bin/alertmanager", "/usr/bin/alertmanager"];

    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private Alertmanager(Process process, DirectoryInfo folder, int port)
    {
        _process = process;
        _folder = folder;
        Url = new Uri($"http://127.0.0.1:{port}");
    }

    internal Uri Url { get; }

    /// <summary>Starts one, or skips the test with the reason.</summary>
    internal static async Task<Alertmanager> StartAsync(CancellationToken cancellationToken)
    {
        var program = s_places.FirstOrDefault(File.Exists);
        Peer.Require("prometheus-alertmanager", program is null ? "Alertmanager is not installed: apt-get install prometheus-alertmanager" : null);
        return await FreePort.StartAsync(port => StartAsync(program!, port, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<Alertmanager> StartAsync(string program, int port, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("hl-am-");
        var file = Path.Combine(folder.FullName, "alertmanager.yml");
        await File.WriteAllTextAsync(file, "route: { receiver: none }\nreceivers: [ { name: none } ]\n", cancellationToken);
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var option in new[] { $"--config.file={file}", $"--storage.path={folder.FullName}", $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=" }) start.ArgumentList.Add(option);
        var process = new Process { StartInfo = start };
        var said = new ConcurrentQueue<string>();
        process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        process.Start();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var alertmanager = new Alertmanager(process, folder, port);
        try
        {
            using var http = new HttpClient();
            await Eventually.HoldsAsync("Alertmanager is ready", () => IsReadyAsync(http, alertmanager.Url, process, cancellationToken), cancellationToken);
            if (!process.HasExited) return alertmanager;
            // With its end comes the rest of what it said.
            await process.WaitForExitAsync(cancellationToken);
            throw new InvalidOperationException($"Alertmanager ended: {string.Join('\n', said)}");
        }
        catch
        {
            await alertmanager.DisposeAsync();
            throw;
        }
    }

    // Or gone: whoever answers then at its port is another one.
    private static async Task<bool> IsReadyAsync(HttpClient http, Uri url, Process process, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(url, "/-/ready"), cancellationToken);
            return response.IsSuccessStatusCode || process.HasExited;
        }
        catch (HttpRequestException)
        {
            return process.HasExited;
        }
    }
}
