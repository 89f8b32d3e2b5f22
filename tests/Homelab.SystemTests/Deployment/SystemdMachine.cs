using System.Runtime.InteropServices;
using Homelab.Composition.Deployment;
using Homelab.SystemTests.Peers;
using Homelab.Tests;

namespace Homelab.SystemTests.Deployment;

/// <summary>A machine with a real systemd, in a container, with the program and .NET on it and no network but loopback.</summary>
internal sealed class SystemdMachine : IAsyncDisposable
{
    // Where an administrator would put it.
    internal const string ProgramFolder = "/opt/homelab";

    private const string DotnetFolder = "/usr/share/dotnet";

    // Where systemd runs on a machine whose cgroups are still of version 1, that is the hierarchy it needs; elsewhere it finds its own.
    private const string Cgroup = "/sys/fs/cgroup/systemd";

    private readonly DockerdPeer _dockerd;
    private readonly string _id;
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("hl-machine-");

    private SystemdMachine(DockerdPeer dockerd, string id)
    {
        _dockerd = dockerd;
        _id = id;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static string Dotnet { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    internal static string Program { get; } = Path.GetDirectoryName(typeof(Host.HomelabProgram).Assembly.Location)!;

    /// <summary>Boots it, with the account that the unit names.</summary>
    internal static async Task<SystemdMachine> BootAsync(DockerdPeer dockerd, string programFolder = ProgramFolder, string network = "none", params IReadOnlyList<string> options)
    {
        await DebianImage.RequireAsync(dockerd);
        string[] cgroup = Directory.Exists(Cgroup) ? ["--volume", $"{Cgroup}:{Cgroup}"] : ["--cgroupns", "private"];
        var id = await dockerd.RunAsync([
            "run", "--detach", "--network", network, "--stop-signal", "SIGRTMIN+3", "--cap-add", "SYS_ADMIN", "--security-opt", "seccomp=unconfined",
            "--tmpfs", "/run", "--tmpfs", "/run/lock", "--tmpfs", "/tmp", .. cgroup,
            "--volume", $"{Dotnet}:{DotnetFolder}:ro", "--mount", $"type=bind,source={Program},target={programFolder},readonly",
            .. options, DebianImage.Name, "/sbin/init",
        ]);
        var machine = new SystemdMachine(dockerd, id);
        await Eventually.HoldsAsync("systemd is up", async () => await machine.ShellAsync("systemctl is-system-running 2>&1; true") is "running" or "degraded", Cancellation);
        // Credentials are mounts that a helper of systemd makes; in a container it does not share them by itself, as it does on a machine.
        await machine.RunAsync("mount", "--make-rshared", "/");
        await machine.ShellAsync("useradd --system --home-dir /var/lib/homelab --shell /usr/sbin/nologin homelab");
        return machine;
    }

    /// <summary>What the shell there prints.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    internal Task<string> ShellAsync(string script) => _dockerd.RunAsync("exec", _id, "sh", "-c", script);

    /// <summary>What a program there prints, without a shell between.</summary>
    internal Task<string> RunAsync(params string[] command) => _dockerd.RunAsync(["exec", _id, .. command]);

    internal async Task WriteAsync(string path, string text, string mode = "0644")
    {
        var file = Path.Combine(_files.FullName, "file");
        await File.WriteAllTextAsync(file, text, Cancellation);
        await RunAsync("mkdir", "-p", path[..path.LastIndexOf('/')]);
        await _dockerd.RunAsync("cp", file, $"{_id}:{path}");
        await RunAsync("chown", "root:root", path);
        await RunAsync("chmod", mode, path);
    }

    /// <summary>Installs the unit, and lets systemd read it.</summary>
    internal async Task InstallAsync(ServiceUnit unit)
    {
        await WriteAsync($"/etc/systemd/system/{ServiceUnit.Name}", unit.Render());
        await ShellAsync("systemctl daemon-reload");
    }

    /// <summary>One property of the unit.</summary>
    internal Task<string> PropertyAsync(string name) => RunAsync("systemctl", "show", "--value", "--property", name, ServiceUnit.Name);

    /// <summary>What the unit has printed, a line each.</summary>
    internal async Task<IReadOnlyList<string>> JournalAsync() =>
        (await RunAsync("journalctl", "--unit", ServiceUnit.Name, "--output", "cat", "--no-pager")).Split('\n');

    /// <summary>Waits for the line that says it listens.</summary>
    internal Task ReadyAsync() => PrintedAsync("\"event\":\"ready\"");

    /// <summary>Waits until the unit has printed this: the journal hears of it after the unit's state has changed.</summary>
    internal async Task PrintedAsync(string text)
    {
        IReadOnlyList<string> lines = [];
        try
        {
            await Eventually.HoldsAsync($"'{text}' is in the journal", async () => (lines = await JournalAsync()).Any(l => l.Contains(text, StringComparison.Ordinal)), Cancellation);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException(string.Join('\n', lines), e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _dockerd.RunAsync("rm", "--force", _id);
        _files.Delete(recursive: true);
    }
}
