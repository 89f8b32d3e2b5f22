using System.Diagnostics;
using Homelab.Tests;

namespace Homelab.Benchmarks.Peers;

/// <summary>The PowerShell module as it is installed: laid out by <c>dotnet publish src/Homelab.PowerShell</c>, in a folder of its own.</summary>
internal sealed class InstalledModule : IDisposable
{
    /// <summary>The variable that names a module's folder to measure in place of one that is published now.</summary>
    internal const string FolderVariable = "HOMELAB_BENCHMARK_MODULE";

    private readonly DirectoryInfo _root;

    private InstalledModule(DirectoryInfo root, string folder)
    {
        _root = root;
        Folder = folder;
    }

    /// <summary>The folder that holds the manifest.</summary>
    internal string Folder { get; }

    /// <summary>The command that imports it.</summary>
    internal string Import => $"Import-Module '{Path.Combine(Folder, "Homelab.PowerShell.psd1")}'";

    /// <summary>The command that imports a binary module of one cmdlet.</summary>
    internal static string ImportTrivial { get; } = $"Import-Module '{Trivial()}'";

    internal static async Task<InstalledModule> InstallAsync(CancellationToken cancellationToken)
    {
        var root = Directory.CreateTempSubdirectory("homelab-bench-");
        if (Environment.GetEnvironmentVariable(FolderVariable) is { } named) return new InstalledModule(root, Path.GetFullPath(named));
        var folder = Path.Combine(root.FullName, "Homelab.PowerShell");
        var start = new ProcessStartInfo("dotnet", ["publish", "src/Homelab.PowerShell", "-c", "Release", "--nologo", "-v", "quiet", $"-p:ModuleFolder={folder}/"]) { UseShellExecute = false, WorkingDirectory = Repository.Root, RedirectStandardOutput = true };
        using var publish = Process.Start(start)!;
        var said = await publish.StandardOutput.ReadToEndAsync(cancellationToken);
        await publish.WaitForExitAsync(cancellationToken);
        return publish.ExitCode == 0 ? new InstalledModule(root, folder) : throw new InvalidOperationException($"The module could not be published: {said}");
    }

    /// <summary>A copy of it below a new folder, as one that was never imported.</summary>
    /// <returns>The new folder, which holds the module under its name.</returns>
    internal string InstallAnew()
    {
        var path = Path.Combine(_root.FullName, Guid.NewGuid().ToString("N"));
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(path, "Homelab.PowerShell", Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return path;
    }

    public void Dispose() => _root.Delete(recursive: true);

    private static string Trivial()
    {
        var built = Path.GetRelativePath(Path.Combine(Repository.Root, "tests", "Homelab.Benchmarks"), AppContext.BaseDirectory);
        return Path.Combine(Repository.Root, "tests", "Fixtures", "TrivialModule", built, "TrivialModule.dll");
    }
}
