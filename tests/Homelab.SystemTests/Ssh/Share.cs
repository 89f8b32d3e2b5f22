using System.Diagnostics;
using System.Globalization;
using Homelab.Tests;

namespace Homelab.SystemTests.Ssh;

/// <summary>A real network share: sshfs over a pipe to sftp-server, on a folder with a blank in its name. Whoever looks at all mounts of this machine while it hangs would hang too: it is mounted where one process sees it.</summary>
/// <param name="process">The process whose mounts these are.</param>
internal sealed class Share(int process) : IAsyncDisposable
{
    private const string Server = "/usr/lib/openssh/sftp-server";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-share-");
    private Process? _sshfs;

    /// <summary>Where it is mounted.</summary>
    internal string Folder => Path.Combine(_folder.FullName, "my media");

    private string[] Inside => ["--mount", "--target", process.ToString(CultureInfo.InvariantCulture), "--"];

    /// <summary>Why there can be none; null when there can.</summary>
    internal static string? WhyNot() =>
        !File.Exists("/usr/bin/sshfs") ? "sshfs is not installed: apt-get install sshfs"
        : !File.Exists(Server) ? "sftp-server is not installed: apt-get install openssh-sftp-server"
        : !File.Exists("/dev/fuse") ? "there is no /dev/fuse here"
        : !Environment.IsPrivilegedProcess ? "mounting needs root"
        : null;

    internal static async Task<Share> MountAsync(int process)
    {
        var share = new Share(process);
        Directory.CreateDirectory(share.Folder);
        var served = Path.Combine(share._folder.FullName, "served");
        Directory.CreateDirectory(served);
        var ssh = Path.Combine(share._folder.FullName, "ssh");
        await File.WriteAllTextAsync(ssh, $"#!/bin/sh\nexec {Server}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(ssh, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        share._sshfs = Process.Start(new ProcessStartInfo("nsenter", [.. share.Inside, "sshfs", "-f", "-o", $"ssh_command={ssh}", $"nas:{served}", share.Folder]))!;
        await Eventually.HoldsAsync("the share is mounted", () => Task.FromResult(File.ReadLines($"/proc/{process}/mounts").Any(l => l.Contains(share._folder.Name, StringComparison.Ordinal))), TestContext.Current.CancellationToken);
        return share;
    }

    /// <summary>Stops, continues or ends the program that serves it.</summary>
    internal void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, _sshfs!.Id.ToString()]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (_sshfs is { HasExited: false }) _sshfs.Kill();
        if (_sshfs is not null) await _sshfs.WaitForExitAsync();
        using (var umount = Process.Start("nsenter", [.. Inside, "umount", "-l", Folder])) await umount.WaitForExitAsync();
        _sshfs?.Dispose();
        _folder.Delete(recursive: true);
    }
}
