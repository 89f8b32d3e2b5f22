namespace Homelab.Tests;

/// <summary>Finds the checkout that the tests were built from, and the shared folder beside it where there is one.</summary>
public static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The folder <c>shared</c> beside the checkout, or null.</summary>
    public static string? Shared { get; } = Path.Combine(Root, "..", "shared") is var path && Directory.Exists(path) ? Path.GetFullPath(path) : null;

    /// <summary>Every file of a kind below a folder of the checkout, without build output.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !f.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string Find(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Homelab.PowerShell.sln"))) return at.FullName;
        }

        throw new InvalidOperationException($"No checkout is above {folder}.");
    }
}
