using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Homelab.Tests;

namespace Homelab.SystemTests.Peers;

/// <summary>A real sshd of our own on a loopback port, with one key that may log in, an empty home, and a log that can be read.</summary>
/// <param name="settings">Further lines of its configuration.</param>
internal sealed class Sshd(params string[] settings) : IAsyncDisposable
{
    private const string Program = "/usr/sbin/sshd";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hls");
    private readonly List<string> _log = [];
    private Process? _process;

    /// <summary>The password by which the account may log in; none when null. Needs root: sshd reads it from a /etc/shadow that only it sees.</summary>
    internal string? Password { get; init; }

    /// <summary>True to let it and its sessions have mounts of their own, that nobody else on this machine sees. Needs root.</summary>
    internal bool HasOwnMounts { get; init; }

    /// <summary>Where it listens, from its start on.</summary>
    internal int Port { get; private set; }

    internal string Folder => _folder.FullName;

    /// <summary>Its process.</summary>
    internal int Id => _process!.Id;

    /// <summary>The host's public key, as a lab file pins it.</summary>
    internal string HostKey { get; private set; } = "";

    /// <summary>What it said so far.</summary>
    internal IReadOnlyList<string> Log
    {
        get
        {
            lock (_log) return [.. _log];
        }
    }

    /// <summary>Why it cannot be; null when it can.</summary>
    internal static string? WhyNot() =>
        !OperatingSystem.IsLinux() ? "the test's sshd is set up for Linux"
        : !File.Exists(Program) ? "sshd is not installed: apt-get install openssh-server"
        : !File.Exists("/usr/bin/ssh") ? "ssh is not installed: apt-get install openssh-client"
        : null;

    /// <summary>Starts it, its sessions with further variables.</summary>
    internal async Task StartAsync(params string[] variables)
    {
        Peer.Require("sshd", WhyNot());
        foreach (var key in (string[])["host_key", "login_key", "other_key"]) await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", In(key));
        HostKey = await PublicKeyAsync("host_key");
        File.Copy(In("login_key.pub"), In("authorized_keys"));
        Directory.CreateDirectory(In("home"));
        // Run by root, sshd insists on this folder.
        if (Environment.IsPrivilegedProcess) Directory.CreateDirectory("/run/sshd");
        Peer.Require("sshd", await FreePort.StartAsync(port => ListenAsync(port, variables)));
    }

    internal string In(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A public key of its folder, as a lab file pins it.</summary>
    internal async Task<string> PublicKeyAsync(string name) => string.Join(' ', (await File.ReadAllTextAsync(In(name + ".pub"))).Split(' ').Take(2));

    /// <summary>The fingerprint of a key of its folder, as ssh-keygen computes it.</summary>
    internal async Task<string> FingerprintAsync(string name) => (await RunAsync("ssh-keygen", "-l", "-f", In(name + ".pub"))).Split(' ')[1];

    /// <summary>The host of a lab file that is this one.</summary>
    internal HostDefinition Host(string address = "127.0.0.1", string key = "login_key") => new()
    {
        Address = address,
        Ssh = new SshDefinition { User = Environment.UserName, Port = Port, HostKey = HostKey, Key = SecretReference.Parse("file:" + In(key), provider: null) },
    };

    /// <summary>How many times somebody was let in so far.</summary>
    internal async Task<int> LoginsAsync()
    {
        await HearAsync();
        return Log.Count(static l => l.StartsWith("Accepted publickey", StringComparison.Ordinal));
    }

    /// <summary>Waits until we have read all that it has said so far: it complains of what we tell it now, and what it said before stands before that.</summary>
    internal async Task HearAsync()
    {
        var word = "hear" + Guid.NewGuid().ToString("N");
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, Port);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(word + "\r\n"));
            try
            {
                // Until it hangs up.
                await stream.CopyToAsync(Stream.Null);
            }
            catch (IOException)
            {
                // It has, and harder than it need.
            }
        }

        await Eventually.HoldsAsync("sshd's complaint is read", () => Task.FromResult(Log.Any(l => l.Contains(word, StringComparison.Ordinal))), CancellationToken.None);
    }

    /// <summary>The processes that serve those who are logged in: its children that it forked for a connection.</summary>
    internal IReadOnlyList<int> Sessions() => ProcessTable.Below(Id);

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _folder.Delete(recursive: true);
    }

    internal static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(Start(program, arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {error}");
        return await output;
    }

    private async Task EndAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        _process = null;
    }

    private async Task<ProcessStartInfo> StartOfAsync(params string[] arguments)
    {
        if (Password is null) return HasOwnMounts ? Start("unshare", ["--mount", Program, .. arguments]) : Start(Program, arguments);
        Peer.Require("sshd", Environment.IsPrivilegedProcess ? null : "a login by password needs root: sshd reads /etc/shadow");
        var hash = (await RunAsync("openssl", "passwd", "-6", Password)).Trim();
        await File.WriteAllTextAsync(In("shadow"), $"{Environment.UserName}:{hash}:19000:0:99999:7:::\n");
        return Start("unshare", ["--mount", "sh", "-c", "mount --bind \"$0\" /etc/shadow && exec \"$@\"", In("shadow"), Program, .. arguments]);
    }

    // Null when it listens; else why it does not run here.
    private async Task<string?> ListenAsync(int port, string[] variables)
    {
        Port = port;
        // It takes them in this order, and says so of each: with the last one it has taken all it gets.
        await File.WriteAllTextAsync(In("sshd_config"), $"""
            Port {Port}
            ListenAddress ::1
            ListenAddress 127.0.0.1
            HostKey {In("host_key")}
            AuthorizedKeysFile {In("authorized_keys")}
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            MaxStartups 100
            SetEnv HOME={In("home")} {string.Join(' ', variables)}
            {string.Join('\n', settings)}
            """);
        lock (_log) _log.Clear();
        var process = Process.Start(await StartOfAsync("-D", "-e", "-f", In("sshd_config")))!;
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_log) _log.Add(line.Data?.TrimEnd('\r') ?? "");
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await Eventually.HoldsAsync("sshd listens", () => Task.FromResult(process.HasExited || Log.Any(static l => FreePort.IsTaken(l) || l.StartsWith("Server listening on 127.0.0.1 ", StringComparison.Ordinal))), CancellationToken.None);
        // With its end comes the rest of what it said.
        if (process.HasExited) await process.WaitForExitAsync();
        if (Log.FirstOrDefault(FreePort.IsTaken) is { } taken)
        {
            await EndAsync();
            throw new InvalidOperationException("sshd does not listen: " + taken);
        }

        return process.HasExited ? "sshd does not run here: " + Log.LastOrDefault(static l => l.Length > 0) : null;
    }

    private static ProcessStartInfo Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }
}
