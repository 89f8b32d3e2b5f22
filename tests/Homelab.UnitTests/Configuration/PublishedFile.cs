namespace Homelab.UnitTests.Configuration;

/// <summary>A file of the repository that is written from the types. Set HOMELAB_UPDATE_SCHEMAS=1 to write it anew.</summary>
internal static class PublishedFile
{
    public static string Root { get; } = FindRoot();

    public static void AssertIs(string name, string expected)
    {
        var path = Path.Join(Root, name);
        if (Environment.GetEnvironmentVariable("HOMELAB_UPDATE_SCHEMAS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, expected);
        }

        var published = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        Assert.True(published == expected, $"{name} does not say what the types say. Run these tests once with HOMELAB_UPDATE_SCHEMAS=1 and review the difference.");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Join(folder.FullName, "Homelab.PowerShell.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
