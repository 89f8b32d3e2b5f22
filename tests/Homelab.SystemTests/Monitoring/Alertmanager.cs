using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
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
        var folder = Directory.CreateTempSubdirectory("hl-am-");
        var file = Path.Combine(folder.FullName, "alertmanager.yml");
        await File.WriteAllTextAsync(file, "route: { receiver: none }\nreceivers: [ { name: none } ]\n", cancellationToken);
        var port = FreePort();
        var start = new ProcessStartInfo(program!) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var option in new[] { $"--config.file={file}", $"--storage.path={folder.FullName}", $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=" }) start.ArgumentList.Add(option);
        var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var alertmanager = new Alertmanager(process, folder, port);
        try
        {
            using var http = new HttpClient();
            await Eventually.HoldsAsync("Alertmanager is ready", () => IsReadyAsync(http, alertmanager.Url, cancellationToken), cancellationToken);
            return alertmanager;
        }
        catch
        {
            await alertmanager.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, Uri url, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(url, "/-/ready"), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var tcp = new TcpListener(IPAddress.Loopback, 0);
        tcp.Start();
        return ((IPEndPoint)tcp.LocalEndpoint).Port;
    }
}
