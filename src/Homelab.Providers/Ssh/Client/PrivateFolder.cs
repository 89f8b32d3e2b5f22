using System.Diagnostics;
using System.Globalization;

namespace Homelab.Providers.Ssh;

/// <summary>Temporary folders for us alone: sockets, pinned host keys and, while it is logged in, keys.</summary>
internal static class PrivateFolder
{
    private const string Prefix = "hl-ssh-";

    // Longer than a connection lasts by itself: what is younger may belong to a process that cannot be seen from here, such as one in a container.
    private static readonly TimeSpan s_forgotten = TimeSpan.FromMinutes(3);

    private static bool s_swept;

    /// <summary>A new one, mode 0700.</summary>
    internal static DirectoryInfo Create() => Directory.CreateTempSubdirectory(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-"));

    /// <summary>One that is not there any more, once more.</summary>
    internal static void Again(DirectoryInfo folder)
    {
        if (OperatingSystem.IsWindows()) folder.Create();
        else Directory.CreateDirectory(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Removes those of processes that were killed, once in our life.</summary>
    internal static void SweepOnce()
    {
        if (!Interlocked.Exchange(ref s_swept, true)) Sweep();
    }

    /// <summary>Removes those of processes that were killed.</summary>
    internal static void Sweep()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            if (!int.TryParse(Path.GetFileName(folder)[Prefix.Length..].Split('-')[0], CultureInfo.InvariantCulture, out var id) || Lives(id)) continue;
            try
            {
                if (DateTime.UtcNow - Directory.GetLastWriteTimeUtc(folder) > s_forgotten) Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is another account's, or another process sweeps too.
            }
        }
    }

    private static bool Lives(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
