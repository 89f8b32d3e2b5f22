using System.Collections.Concurrent;
using System.Diagnostics;
using Homelab.Tests;

namespace Homelab.SystemTests.Network;

/// <summary>A real dnsmasq on a free port of 127.0.0.1, with the records it is given and nobody to ask further.</summary>
internal sealed class Dnsmasq : IAsyncDisposable
{
    private static readonly string[] s_places = ["/usr/sbin/dnsmasq", "/usr/local/sbin/dnsmasq", "/sbin/dnsmasq"];

    private readonly Process _process;

    private Dnsmasq(Process process, int port)
    {
        _process = process;
        Server = $"127.0.0.1:{port}";
    }

    internal string Server { get; }

    /// <summary>Starts one, or skips the test with the reason.</summary>
    internal static async Task<Dnsmasq> StartAsync(CancellationToken cancellationToken, params string[] records)
    {
        var program = s_places.FirstOrDefault(File.Exists);
        Peer.Require("dnsmasq", program is null ? "dnsmasq is not installed: apt-get install dnsmasq-base" : null);
        return await FreePort.StartAsync(port => StartAsync(program!, port, records, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<Dnsmasq> StartAsync(string program, int port, string[] records, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, UseShellExecute = false };
        string[] options =
        [
            "--conf-file=/dev/null", "--keep-in-foreground", $"--port={port}", "--listen-address=127.0.0.1", "--bind-interfaces", "--no-resolv", "--no-hosts", "--pid-file=", "--log-facility=-",
            $"--user={Environment.UserName}", "--local=/home.arpa/",
        ];
        foreach (var option in options.Concat(records)) start.ArgumentList.Add(option);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new ConcurrentQueue<string>();
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null) started.TrySetException(new InvalidOperationException("dnsmasq did not start: " + string.Join(' ', said)));
            else if (line.Data.Contains("started, version", StringComparison.Ordinal)) started.TrySetResult();
            else said.Enqueue(line.Data);
        };
        process.Start();
        process.BeginErrorReadLine();
        var dnsmasq = new Dnsmasq(process, port);
        try
        {
            await started.Task.WaitAsync(cancellationToken);
            return dnsmasq;
        }
        catch
        {
            await dnsmasq.DisposeAsync();
            throw;
        }
    }
}
