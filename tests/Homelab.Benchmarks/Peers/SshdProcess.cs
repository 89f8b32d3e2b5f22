using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Homelab.Benchmarks.Peers;

/// <summary>A real sshd on a loopback port, with one key that may log in and a home without start-up files.</summary>
internal sealed class SshdProcess : IAsyncDisposable
{
    private const string Program = "/usr/sbin/sshd";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("homelab-bench-ssh-");
    private Process? _process;

    private SshdProcess()
    {
    }

    internal int Port { get; private set; }

    /// <summary>The host of a lab file that it is.</summary>
    internal HostDefinition Host => new()
    {
        Address = "127.0.0.1",
        Ssh = new SshDefinition { User = Environment.UserName, Port = Port, HostKey = PublicKey, Key = SecretReference.Parse("file:" + In("login"), provider: null) },
    };

    private string PublicKey => string.Join(' ', File.ReadAllText(In("host.pub")).Split(' ').Take(2));

    /// <summary>Why it cannot be; null when it can.</summary>
    internal static string? WhyNot() => OperatingSystem.IsLinux() && File.Exists(Program) ? null : "there is no sshd";

    internal static async Task<SshdProcess> StartAsync(CancellationToken cancellationToken)
    {
        var sshd = new SshdProcess();
        foreach (var key in (string[])["host", "login"]) await RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", sshd.In(key)], cancellationToken);
        if (Environment.IsPrivilegedProcess) Directory.CreateDirectory("/run/sshd");
        Directory.CreateDirectory(sshd.In("home"));
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            sshd.Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        await File.WriteAllTextAsync(sshd.In("config"), $"Port {sshd.Port}\nListenAddress 127.0.0.1\nHostKey {sshd.In("host")}\nAuthorizedKeysFile {sshd.In("login.pub")}\nPidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nSetEnv HOME={sshd.In("home")}\n", cancellationToken);
        await File.WriteAllTextAsync(sshd.In("known"), $"[127.0.0.1]:{sshd.Port} {sshd.PublicKey}\n", cancellationToken);
        sshd._process = Start(Program, ["-D", "-f", sshd.In("config")]);
        while (!await sshd.ListensAsync(cancellationToken))
        {
            if (sshd._process.HasExited) throw new InvalidOperationException("sshd does not run here.");
        }

        return sshd;
    }

    /// <summary>Makes a shared connection as somebody would by hand: the options for commands over it.</summary>
    internal async Task<string[]> ConnectAsync(CancellationToken cancellationToken)
    {
        string[] destination = ["--", $"{Environment.UserName}@127.0.0.1"];
        await RunAsync(
            "ssh",
            ["-F", "none", "-o", "BatchMode=yes", "-o", $"UserKnownHostsFile={In("known")}", "-i", In("login"), "-o", "IdentitiesOnly=yes", "-p", Port.ToString(CultureInfo.InvariantCulture), "-M", "-N", "-S", In("s"), "-o", "ControlPersist=60", .. destination],
            cancellationToken);
        return ["-F", "none", "-S", In("s"), "-o", "ControlMaster=no", "-T", .. destination];
    }

    /// <summary>Starts a program as our client starts its own, reads all that it says, and waits for its end.</summary>
    internal static async Task RunAsync(string program, IEnumerable<string> words, CancellationToken cancellationToken)
    {
        using var process = Start(program, words);
        // What goes on in the background may hold the error output open.
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        await output;
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await process.StandardError.ReadToEndAsync(cancellationToken)}");
    }

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

    private static Process Start(string program, IEnumerable<string> words)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in words) start.ArgumentList.Add(word);
        return Process.Start(start)!;
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private async Task<bool> ListensAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
