using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Homelab.Tests;

namespace Homelab.SystemTests.Docker;

/// <summary>A real sshd of our own on a loopback port, with one key that may log in and the engine's address in the environment of its sessions.</summary>
internal sealed class Sshd : IAsyncDisposable
{
    private const string Program = "/usr/sbin/sshd";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hls");
    private Process? _process;

    internal int Port { get; } = FreePort();

    internal string Folder => _folder.FullName;

    /// <summary>The host's public key, as a lab file pins it.</summary>
    internal string HostKey { get; private set; } = "";

    /// <summary>Why it cannot be; null when it can.</summary>
    internal static string? WhyNot() =>
        !OperatingSystem.IsLinux() ? "the test's sshd is set up for Linux"
        : !File.Exists(Program) ? "sshd is not installed: apt-get install openssh-server"
        : !File.Exists("/usr/bin/ssh") ? "ssh is not installed: apt-get install openssh-client"
        : null;

    internal async Task StartAsync(string dockerHost)
    {
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", In("host_key"));
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", In("login_key"));
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", In("other_key"));
        HostKey = string.Join(' ', (await File.ReadAllTextAsync(In("host_key.pub"))).Split(' ').Take(2));
        File.Copy(In("login_key.pub"), In("authorized_keys"));
        // Run by root, sshd insists on this folder.
        if (Environment.IsPrivilegedProcess) Directory.CreateDirectory("/run/sshd");
        await File.WriteAllTextAsync(In("sshd_config"), $"""
            Port {Port}
            ListenAddress 127.0.0.1
            HostKey {In("host_key")}
            AuthorizedKeysFile {In("authorized_keys")}
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            SetEnv DOCKER_HOST={dockerHost}
            """);
        _process = Process.Start(Start(Program, "-D", "-e", "-f", In("sshd_config")))!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await Eventually.HoldsAsync("sshd listens", async () => _process.HasExited || await ListensAsync(), CancellationToken.None);
        Peer.Require("sshd", _process.HasExited ? "sshd does not run here" : null);
    }

    internal string In(string name) => Path.Combine(_folder.FullName, name);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> ListensAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(Start(program, arguments))!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static ProcessStartInfo Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
