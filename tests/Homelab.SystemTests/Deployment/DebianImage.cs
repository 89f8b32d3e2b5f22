using System.Diagnostics;
using Homelab.SystemTests.Peers;
using Homelab.Tests;

namespace Homelab.SystemTests.Deployment;

/// <summary>A small Debian with systemd, made by debootstrap. It takes most of a minute, so it is made when it is asked for by name, and kept.</summary>
internal static class DebianImage
{
    internal const string Name = "homelab-debian:12";

    private const string PeerName = "systemd";

    // What runs from it runs with many rights: nobody but root may lay a file there.
    private const string Folder = "/var/cache/homelab-tests";

    // Another list of packages is another file.
    private const string Archive = Folder + "/bookworm-2.tar";

    // ca-certificates, libssl3 and libstdc++6 are what .NET needs.
    private const string Packages = "systemd,systemd-sysv,dbus,openssh-client,openssh-server,procps,libstdc++6,libssl3,ca-certificates";

    private static readonly SemaphoreSlim s_making = new(1);

    /// <summary>Makes it where it is asked for, and skips the test where it is neither there nor asked for.</summary>
    internal static async Task RequireAsync(DockerdPeer dockerd)
    {
        dockerd.Require();
        // Engines are several, the archive is one.
        await s_making.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!File.Exists(Archive)) Peer.Require(PeerName, await MakeAsync());
        }
        finally
        {
            s_making.Release();
        }

        if ((await dockerd.RunAsync("images", "-q", Name)).Length == 0) await dockerd.RunAsync("import", Archive, Name);
    }

    private static async Task<string?> MakeAsync()
    {
        if (!OperatingSystem.IsLinux()) return "debootstrap runs on Linux only";
        var asked = (Environment.GetEnvironmentVariable(Peer.Required) ?? "").Split(' ').Contains(PeerName, StringComparer.Ordinal);
        if (!asked) return $"there is no {Archive}, and it takes a minute, 260 MB and a Debian mirror to make one: {Peer.Required}={PeerName} makes it";
        Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var root = Path.Combine(Folder, "root");
        if (Directory.Exists(root)) Directory.Delete(root, recursive: true);
        try
        {
            var failed = await RunAsync("debootstrap", "--variant=minbase", $"--include={Packages}", "bookworm", root)
                ?? await RunAsync("tar", "--create", "--file", Archive + ".new", "--directory", root, ".");
            if (failed is null) File.Move(Archive + ".new", Archive);
            return failed;
        }
        finally
        {
            // By rm: a root file system has links and modes that this library's deletion does not care for.
            await RunAsync("rm", "-rf", "--one-file-system", root);
        }
    }

    private static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            // debootstrap tells its errors on its output.
            return process.ExitCode == 0 ? null : $"{program} failed: {(output + await errors).Trim().Split('\n')[^1]}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"{program} is not installed: apt-get install {program}";
        }
    }
}
