using System.Diagnostics;
using System.Formats.Tar;
using System.Net.Sockets;
using Homelab.Tests;

namespace Homelab.SystemTests.Peers;

/// <summary>A real Docker Engine of our own in a temporary folder, with one image made from busybox. One for a whole collection of tests.</summary>
public class DockerdPeer : IAsyncLifetime
{
    /// <summary>The image.</summary>
    public const string Image = "bb:1";

    /// <summary>The network that containers may be joined to.</summary>
    public const string Network = "hl";

    private const string Busybox = "/bin/busybox";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hld");
    private readonly string? _network;
    private Process? _dockerd;

    public DockerdPeer()
        : this(Network)
    {
    }

    /// <param name="network">The network that it makes; null for none.</param>
    protected DockerdPeer(string? network) => _network = network;

    /// <summary>Why it is not there; null when it is.</summary>
    public string? Missing { get; private set; }

    /// <summary>Where it listens, as a lab file says it.</summary>
    public string Endpoint => $"unix://{Socket}";

    private string Socket => Path.Combine(_folder.FullName, "docker.sock");

    /// <summary>Skips the test, with the reason, where no engine can be had.</summary>
    public void Require() => Peer.Require("dockerd", Missing);

    public async ValueTask InitializeAsync()
    {
        Missing = WhyNot();
        if (Missing is not null) return;
        string Sub(string name) => Path.Combine(_folder.FullName, name);
        _dockerd = Start(
            "dockerd", "--data-root", Sub("root"), "--exec-root", Sub("exec"), "--pidfile", Sub("pid"), "--iptables=false", "--ip6tables=false",
            "--ip-forward=false", "--bridge=none", "--storage-driver=vfs", "--host", Endpoint);
        var log = new List<string>();
        _dockerd.ErrorDataReceived += (_, line) =>
        {
            lock (log) log.Add(line.Data ?? "");
        };
        _dockerd.BeginErrorReadLine();
        _dockerd.BeginOutputReadLine();
        await Eventually.HoldsAsync("dockerd listens", () => Task.FromResult(_dockerd.HasExited || CanConnect()), CancellationToken.None, TimeSpan.FromMinutes(5));
        if (_dockerd.HasExited)
        {
            lock (log) Missing = $"dockerd does not run here: {log.LastOrDefault(l => l.Length > 0)}";
            return;
        }

        var rootfs = Path.Combine(_folder.FullName, "rootfs.tar");
        WriteRootfs(rootfs);
        await RunAsync("import", "-c", "CMD [\"/bin/sh\"]", "-c", "ENV PATH=/bin", rootfs, Image);
        if (_network is not null) await RunAsync("network", "create", _network);
    }

    /// <summary>The docker CLI against this engine.</summary>
    public async Task<string> RunAsync(params string[] arguments) => (await RunBothAsync(arguments)).Output;

    /// <summary>What a container wrote to its error output.</summary>
    public async Task<string> ErrorLogAsync(string container) => (await RunBothAsync("logs", container)).Error;

    private async Task<(string Output, string Error)> RunBothAsync(params string[] arguments)
    {
        using var docker = Start("docker", ["--host", Endpoint, .. arguments]);
        var output = docker.StandardOutput.ReadToEndAsync();
        var error = await docker.StandardError.ReadToEndAsync();
        await docker.WaitForExitAsync();
        return docker.ExitCode == 0 ? ((await output).Trim(), error.Trim()) : throw new InvalidOperationException($"docker {string.Join(' ', arguments)}: {error}");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_dockerd is { HasExited: false })
        {
            foreach (var id in (await RunAsync("ps", "-aq")).Split('\n', StringSplitOptions.RemoveEmptyEntries)) await RunAsync("rm", "-f", id);
            // The bridge belongs to the machine, not to our folder: left behind, it would take a subnet from the next run.
            if (_network is not null) await RunAsync("network", "rm", _network);
            // SIGTERM: dockerd takes its containerd with it and unmounts what it mounted.
            using var kill = Start("kill", "-TERM", _dockerd.Id.ToString());
            await _dockerd.WaitForExitAsync();
            // A container on this machine's own network leaves a mount behind, which dockerd does not take away.
            var left = Path.Combine(_folder.FullName, "exec", "netns", "default");
            if (File.Exists(left))
            {
                using var umount = Start("umount", left);
                await umount.WaitForExitAsync();
            }
        }

        _dockerd?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux()) return "dockerd runs on Linux only";
        if (Environment.UserName != "root") return "dockerd needs root";
        if (!File.Exists(Busybox)) return "busybox is not installed: apt-get install busybox-static";
        foreach (var program in (string[])["dockerd", "docker"])
        {
            if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists(Path.Combine(p, program)))) return $"{program} is not installed: apt-get install docker.io";
        }

        return null;
    }

    private static void WriteRootfs(string path)
    {
        using var tar = new TarWriter(File.Create(path));
        foreach (var folder in (string[])["bin/", "tmp/", "www/"]) tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, folder) { Mode = (UnixFileMode)0b111_111_111 });
        tar.WriteEntry(Busybox, "bin/busybox");
        foreach (var applet in (string[])["sh", "sleep", "httpd", "touch", "rm", "test", "cat", "kill", "echo", "wget", "true", "false"])
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox" });
        }
    }

    private static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private bool CanConnect()
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(Socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>The tests that share the one engine.</summary>
[CollectionDefinition(Name)]
public sealed class SharedDockerd : ICollectionFixture<DockerdPeer>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "dockerd";
}

/// <summary>Another engine, without a network: two that choose their subnets at once would choose the same.</summary>
public sealed class MachineDockerd() : DockerdPeer(network: null);

/// <summary>The tests whose containers are machines of their own, or stand on this machine's network: they take longer than all others together.</summary>
[CollectionDefinition(Name)]
public sealed class MachinesInDocker : ICollectionFixture<MachineDockerd>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "machines in docker";
}
