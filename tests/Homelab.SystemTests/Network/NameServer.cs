using System.Collections.Concurrent;
using System.Diagnostics;
using Homelab.Tests;

namespace Homelab.SystemTests.Network;

/// <summary>A real name server on a free port of 127.0.0.1, with a folder of its own.</summary>
internal sealed class NameServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private NameServer(Process process, DirectoryInfo folder, int port)
    {
        _process = process;
        _folder = folder;
        Server = $"127.0.0.1:{port}";
    }

    internal string Server { get; }

    /// <summary>BIND with one zone that it keeps itself, or skips the test with the reason.</summary>
    /// <param name="zone">The zone's name.</param>
    /// <param name="text">Its file.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal static Task<NameServer> StartNamedAsync(string zone, string text, CancellationToken cancellationToken)
    {
        var program = Require("named", "bind9");
        return StartAsync(
            program,
            (folder, port) =>
            {
                File.WriteAllText(Path.Combine(folder, "zone"), text);
                File.WriteAllText(
                    Path.Combine(folder, "named.conf"),
                    $$"""
                    options {
                      directory "{{folder}}"; pid-file none; session-keyfile none; managed-keys-directory "{{folder}}"; lock-file none;
                      listen-on port {{port}} { 127.0.0.1; }; listen-on-v6 { none; };
                      recursion no; dnssec-validation no; allow-transfer { none; }; minimal-responses yes;
                    };
                    controls { };
                    zone "{{zone}}" { type primary; file "zone"; };
                    """);
                return ["-g", "-c", Path.Combine(folder, "named.conf"), "-n", "1"];
            },
            "running",
            cancellationToken);
    }

    /// <summary>Unbound, which asks another server for one zone and checks its signatures, or skips the test with the reason.</summary>
    /// <param name="zone">The zone's name.</param>
    /// <param name="upstream">Who keeps it: an address with a port.</param>
    /// <param name="anchor">What the zone's signatures must lead to: a DS record of its key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal static Task<NameServer> StartUnboundAsync(string zone, string upstream, string anchor, CancellationToken cancellationToken)
    {
        var program = Require("unbound", "unbound");
        return StartAsync(
            program,
            (folder, port) =>
            {
                File.WriteAllText(
                    Path.Combine(folder, "unbound.conf"),
                    $"""
                    server:
                      directory: "{folder}"
                      pidfile: ""
                      username: ""
                      chroot: ""
                      use-syslog: no
                      logfile: ""
                      verbosity: 1
                      interface: 127.0.0.1
                      port: {port}
                      do-not-query-localhost: no
                      module-config: "validator iterator"
                      ede: yes
                      val-log-level: 2
                      local-zone: "{zone}" transparent
                      trust-anchor: "{anchor}"
                    remote-control:
                      control-enable: no
                    stub-zone:
                      name: "{zone}"
                      stub-addr: {upstream.Replace(':', '@')}
                    """);
                return ["-d", "-c", Path.Combine(folder, "unbound.conf")];
            },
            "start of service",
            cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Require(string program, string package)
    {
        string[] places = [$"/usr/sbin/{program}", $"/usr/local/sbin/{program}", $"/sbin/{program}"];
        var found = places.FirstOrDefault(File.Exists);
        Peer.Require(program, found is null ? $"{program} is not installed: apt-get install {package}" : null);
        return found!;
    }

    private static Task<NameServer> StartAsync(string program, Func<string, int, string[]> configure, string ready, CancellationToken cancellationToken) =>
        FreePort.StartAsync(port => StartAsync(program, port, configure, ready, cancellationToken));

    private static async Task<NameServer> StartAsync(string program, int port, Func<string, int, string[]> configure, string ready, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("hl-dns-");
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var option in configure(folder.FullName, port)) start.ArgumentList.Add(option);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new ConcurrentQueue<string>();
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Start();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var server = new NameServer(process, folder, port);
        try
        {
            await started.Task.WaitAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        void Hear(string? line)
        {
            // One of them runs on without its port.
            if (line is null || FreePort.IsTaken(line)) started.TrySetException(new InvalidOperationException($"{program} did not start: {string.Join(' ', said)} {line}"));
            else if (line.EndsWith(ready, StringComparison.Ordinal) || line.Contains(ready + " (", StringComparison.Ordinal)) started.TrySetResult();
            else said.Enqueue(line);
        }
    }
}
