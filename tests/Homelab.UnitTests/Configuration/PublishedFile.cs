using Homelab.Tests;

namespace Homelab.UnitTests.Configuration;

/// <summary>A file of the repository that is written from the types. Set HOMELAB_UPDATE_SCHEMAS=1 to write it anew.</summary>
internal static class PublishedFile
{
    public static void AssertIs(string name, string expected)
    {
        var path = Path.Join(Repository.Root, name);
        if (Environment.GetEnvironmentVariable("HOMELAB_UPDATE_SCHEMAS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, expected);
        }

        var published = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        Assert.True(published == expected, $"{name} does not say what the types say. Run these tests once with HOMELAB_UPDATE_SCHEMAS=1 and review the difference.");
    }
}
