using System.Diagnostics;
using Homelab.Tests;

namespace Homelab.SystemTests.Alerts;

/// <summary>A real server of a monitoring system, in a folder of its own on a loopback port.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private readonly List<string> _log = [];
    private Process? _process;

    internal DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("hlm-");

    internal int Port { get; } = FreePort.Find();

    internal Uri Url => new($"http://127.0.0.1:{Port}");

    internal string In(string name) => Path.Combine(Folder.FullName, name);

    /// <summary>Skips the test, with the reason, where the program is not installed.</summary>
    internal static string Require(string name, string package, params string[] places)
    {
        var program = places.FirstOrDefault(File.Exists);
        Peer.Require(name, program is null ? $"{name} is not installed: apt-get install {package}" : null);
        return program!;
    }

    /// <summary>Starts it, and waits until it answers at a path.</summary>
    internal async Task StartAsync(string program, string ready, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = Folder.FullName };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        using var http = new HttpClient();
        await Eventually.HoldsAsync(
            $"{program} answers",
            async () =>
            {
                if (_process.HasExited) throw new InvalidOperationException($"{program} ended: {string.Join('\n', _log.TakeLast(5))}");
                try
                {
                    using var answer = await http.GetAsync(new Uri(Url, ready), TestContext.Current.CancellationToken);
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        Folder.Delete(recursive: true);
    }

    private void Keep(string? line)
    {
        lock (_log) _log.Add(line ?? "");
    }
}
