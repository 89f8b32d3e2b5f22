using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Homelab.Lab;

/// <summary>A folder by which other processes know a simulated homelab: its lab file, and the secrets behind that as files for this user alone.</summary>
/// <remarks>A folder that was made for it goes with it; one that somebody named stays.</remarks>
public sealed class SimulatedLabFolder : IDisposable
{
    private const string Mark = "# Written by 'homelab lab': a simulated homelab, there as long as that program runs. Written anew at its next start.\n";
    private const string Secrets = "secrets";
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = OwnFile | UnixFileMode.UserExecute;

    // Below the ports that a system gives to whoever asks for any: nobody takes this one by chance before serve does.
    private const int LowestPort = 20_000;
    private const int HighestPort = 30_000;

    private readonly bool _isOurs;

    private SimulatedLabFolder(DirectoryInfo folder, bool isOurs)
    {
        _isOurs = isOurs;
        Path = folder.FullName;
        Hook = new Uri($"http://127.0.0.1:{FreePort()}/hook/uptime-alert");
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The lab file.</summary>
    public string LabFile => System.IO.Path.Combine(Path, "homelab.yaml");

    /// <summary>Where the lab file says that <c>serve</c> takes in Uptime Kuma's alerts.</summary>
    public Uri Hook { get; }

    /// <summary>The folder of runbooks that the lab file names; they replace shipped ones of the same name.</summary>
    public string Runbooks => System.IO.Path.Combine(Path, "runbooks");

    /// <summary>Writes it.</summary>
    /// <param name="homelab">What it describes.</param>
    /// <param name="path">The folder; a temporary one when null.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="HomelabException"><c>LabFolderInUse</c> (Conflict): something else is in the folder. <c>LabFolderUnwritable</c> (Failed).</exception>
    public static async Task<SimulatedLabFolder> WriteAsync(SimulatedHomelab homelab, string? path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(homelab);
        try
        {
            var folder = path is null ? Directory.CreateTempSubdirectory("homelab-lab-") : Directory.CreateDirectory(path);
            var written = new SimulatedLabFolder(folder, isOurs: path is null);
            try
            {
                await written.FillAsync(homelab, cancellationToken);
                return written;
            }
            catch
            {
                written.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HomelabException(ErrorKind.Failed, "LabFolderUnwritable", $"The lab cannot be written to {path ?? System.IO.Path.GetTempPath()}: {e.Message} Name another folder.", path, e);
        }
    }

    /// <summary>Removes the folder if it was made for this homelab.</summary>
    public void Dispose()
    {
        if (_isOurs) Directory.Delete(Path, recursive: true);
    }

    private async Task FillAsync(SimulatedHomelab homelab, CancellationToken cancellationToken)
    {
        await EnsureUnusedAsync(cancellationToken);
        var secrets = System.IO.Path.Combine(Path, Secrets);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(secrets);
        else Directory.CreateDirectory(secrets, OwnFolder);
        foreach (var (variable, value) in homelab.Tokens.Environment) await WriteOwnAsync(System.IO.Path.Combine(secrets, variable), value, cancellationToken);
        Directory.CreateDirectory(Runbooks);
        var options = new SimulatedLabFileOptions { Listen = Hook.Authority, Runbooks = System.IO.Path.GetFileName(Runbooks), Reference = static variable => $"file:{Secrets}/{variable}" };
        // Last, so that whoever sees it finds all it refers to.
        await File.WriteAllTextAsync(LabFile, Mark + homelab.LabFile(options), cancellationToken);
    }

    // Somebody's own lab file is not replaced by a simulated one.
    private async Task EnsureUnusedAsync(CancellationToken cancellationToken)
    {
        if (!Directory.EnumerateFileSystemEntries(Path).Any()) return;
        if (File.Exists(LabFile) && (await File.ReadAllTextAsync(LabFile, cancellationToken)).StartsWith(Mark, StringComparison.Ordinal)) return;
        throw new HomelabException(ErrorKind.Conflict, "LabFolderInUse", $"The folder {Path} is not empty, and no simulated homelab was written there before. Name an empty or a new one.", Path);
    }

    private static async Task WriteOwnAsync(string path, string value, CancellationToken cancellationToken)
    {
        // Made anew: an old file would keep its rights.
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnFile;
        await using var writer = new StreamWriter(path, options);
        await writer.WriteAsync(value.AsMemory(), cancellationToken);
    }

    private static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(LowestPort, HighestPort);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // Somebody listens there already: another one.
            }
        }
    }
}
