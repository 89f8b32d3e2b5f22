using Homelab.Composition;
using Homelab.Configuration;

namespace Homelab.UnitTests.Composition;

public sealed class LabLocatorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("homelab-locator-");
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_named_file_goes_before_all_others()
    {
        WriteEverywhere();
        AssertFound("named", LabOrigin.Named, Locate("elsewhere/named.yaml"));
        AssertFound("named", LabOrigin.Named, Locate(PathOf("elsewhere/named.yaml")));
    }

    [Theory]
    [InlineData("variable", LabOrigin.Variable)]
    [InlineData("current", LabOrigin.CurrentFolder)]
    [InlineData("user", LabOrigin.UserFolder)]
    public void Where_nobody_names_one_the_most_explicit_of_the_others_counts(string expected, LabOrigin origin)
    {
        WriteEverywhere();
        if (expected != "variable") _environment.Remove(LabLocator.Variable);
        if (expected == "user") File.Delete(PathOf("here/homelab.yaml"));
        AssertFound(expected, origin, Locate(null));
    }

    [Fact]
    public void An_empty_variable_names_nothing()
    {
        WriteEverywhere();
        _environment[LabLocator.Variable] = "";
        AssertFound("current", LabOrigin.CurrentFolder, Locate(""));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_any_file_the_lab_is_what_the_environment_describes(bool hasUserFolder)
    {
        Directory.CreateDirectory(PathOf("here"));
        _environment["UPTIME_KUMA_URL"] = "http://127.0.0.1:3001";
        var located = Locate(null, hasUserFolder ? PathOf("user") : "");
        Assert.Equal((LabOrigin.Environment, null, PathOf("here")), (located.Origin, located.Path, located.File.BasePath));
        Assert.Contains("kuma", located.File.Lab.Providers.Keys);
    }

    [Theory]
    [InlineData("none.yaml", null, "")]
    [InlineData(null, "none.yaml", ", which the environment variable HOMELAB_LAB names")]
    public void A_named_file_that_is_not_there_is_an_error_and_no_other_is_taken(string? path, string? variable, string why)
    {
        WriteEverywhere();
        if (variable is not null) _environment[LabLocator.Variable] = variable;
        var error = Assert.Throws<HomelabException>(() => Locate(path));
        Assert.Equal((ErrorKind.NotFound, "LabFileNotFound", PathOf("here/none.yaml")), (error.Kind, error.Id, error.Target));
        Assert.Equal($"There is no lab file {PathOf("here/none.yaml")}{why}. Check the path, or name none: then the usual places are looked at.", error.Message);
    }

    [Fact]
    public void A_folder_is_no_lab_file_and_the_file_in_it_is_named()
    {
        WriteEverywhere();
        var error = Assert.Throws<HomelabException>(() => Locate(PathOf("here")));
        Assert.EndsWith($"That is a folder; name the file in it, such as {PathOf("here/homelab.yaml")}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_mistakes_of_a_file_that_was_found_are_told()
    {
        Write("here/homelab.yaml", "kind: Lab\n");
        Assert.NotEmpty(Assert.Throws<ConfigurationException>(() => Locate(null)).Problems);
    }

    private void WriteEverywhere()
    {
        foreach (var (name, path) in (ReadOnlySpan<(string, string)>)[("named", "here/elsewhere/named.yaml"), ("variable", "here/variable.yaml"), ("current", "here/homelab.yaml"), ("user", "user/homelab/homelab.yaml")])
        {
            Write(path, $"apiVersion: homelab/v1\nkind: Lab\nmetadata: {{ name: {name} }}\n");
        }

        Write("elsewhere/named.yaml", "apiVersion: homelab/v1\nkind: Lab\nmetadata: { name: named }\n");
        _environment[LabLocator.Variable] = "variable.yaml";
    }

    private void Write(string name, string text)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private LocatedLab Locate(string? path, string? userFolder = null) =>
        new LabLocator(PathOf("here"), _environment.GetValueOrDefault) { UserFolder = userFolder ?? PathOf("user") }.Locate(path);

    private static void AssertFound(string lab, LabOrigin origin, LocatedLab located)
    {
        Assert.Equal((lab, origin), (located.File.Lab.Name, located.Origin));
        Assert.True(Path.IsPathFullyQualified(located.Path!));
        Assert.Equal(Path.GetDirectoryName(located.Path), located.File.BasePath);
    }
}
