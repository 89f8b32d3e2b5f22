using System.Diagnostics;
using System.Text.RegularExpressions;
using Homelab.Tests;

namespace Homelab.SystemTests.Network;

/// <summary>OpenSSL's own server on 127.0.0.1, with a chain of three certificates that OpenSSL made: a root of RSA, an authority of ECDSA, and a server's of the kind that is asked for.</summary>
internal sealed partial class TlsServer : IAsyncDisposable
{
    private const string Program = "openssl";

    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private TlsServer(Process process, DirectoryInfo folder, string address)
    {
        _process = process;
        _folder = folder;
        Address = address;
    }

    internal string Address { get; }

    /// <summary>The file of the root, which whoever trusts the server must know.</summary>
    internal string Root => Path.Combine(_folder.FullName, "root.pem");

    /// <summary>Starts one, or skips the test with the reason.</summary>
    /// <param name="key">What <c>openssl req -newkey</c> takes: <c>ed25519</c>, <c>rsa:3072</c>, <c>ec</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="options">Options of the server.</param>
    internal static async Task<TlsServer> StartAsync(string key, CancellationToken cancellationToken, params string[] options)
    {
        Peer.Require(Program, File.Exists("/usr/bin/" + Program) || File.Exists("/usr/local/bin/" + Program) ? null : "openssl is not installed: apt-get install openssl");
        var folder = Directory.CreateTempSubdirectory("hl-tls-");
        Process? process = null;
        string[] curve = ["-pkeyopt", "ec_paramgen_curve:P-384"];
        try
        {
            await RunAsync(folder, ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Root", "-days", "30"], cancellationToken);
            await RunAsync(folder, ["req", "-x509", "-newkey", "ec", .. curve, "-nodes", "-keyout", "between.key", "-out", "between.pem", "-subj", "/CN=Between", "-days", "20", "-CA", "root.pem", "-CAkey", "root.key", "-addext", "basicConstraints=critical,CA:true"], cancellationToken);
            await RunAsync(folder, ["req", "-x509", "-newkey", key, .. key == "ec" ? curve : [], "-nodes", "-keyout", "server.key", "-out", "server.pem", "-subj", "/CN=web", "-days", "10", "-CA", "between.pem", "-CAkey", "between.key", "-addext", "basicConstraints=CA:false", "-addext", "subjectAltName=DNS:web.home.arpa,IP:127.0.0.1"], cancellationToken);
            var start = Start(folder, ["s_server", "-accept", "127.0.0.1:0", "-cert", "server.pem", "-key", "server.key", "-cert_chain", "between.pem", .. options]);
            process = Process.Start(start)!;
            return new TlsServer(process, folder, await AddressAsync(process, cancellationToken));
        }
        catch
        {
            process?.Kill();
            process?.Dispose();
            folder.Delete(recursive: true);
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

    // The input stays open: the server ends with it.
    private static ProcessStartInfo Start(DirectoryInfo folder, string[] arguments) =>
        new(Program, arguments) { WorkingDirectory = folder.FullName, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };

    private static async Task RunAsync(DirectoryInfo folder, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(Start(folder, arguments))!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0) throw new InvalidOperationException($"openssl {arguments[0]} ended with {process.ExitCode}: {errors} {await output}");
    }

    private static async Task<string> AddressAsync(Process process, CancellationToken cancellationToken)
    {
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (AcceptPattern().Match(line) is not { Success: true } found) continue;
            // What it goes on to say must not fill the pipe.
            _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return found.Groups["address"].Value;
        }

        throw new InvalidOperationException("openssl s_server ended before it listened.");
    }

    [GeneratedRegex("^ACCEPT (?<address>127\\.0\\.0\\.1:[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AcceptPattern();
}
