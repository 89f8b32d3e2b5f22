using System.Xml.Linq;
using Homelab.Tests;

namespace Homelab.UnitTests.Architecture;

/// <summary>deploy/Dockerfile names the projects that the program is made of: nobody who adds one builds an image to find out.</summary>
public sealed class DockerfileTests
{
    [Fact]
    public void It_restores_every_project_that_the_program_is_made_of()
    {
        var copied = File.ReadLines(Path.Combine(Repository.Root, "deploy", "Dockerfile"))
            .Where(static l => l.StartsWith("COPY src/", StringComparison.Ordinal))
            .Select(static l => l.Split('/')[1]);
        Assert.Equal(Rooms("Homelab.Host").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), copied.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Rooms(string room)
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "src", room, room + ".csproj"));
        return project.Descendants("ProjectReference").SelectMany(static r => Rooms(Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!))).Prepend(room);
    }
}
