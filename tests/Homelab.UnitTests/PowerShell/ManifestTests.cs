using System.Text.RegularExpressions;
using System.Xml.Linq;
using Homelab.Tests;

namespace Homelab.UnitTests.PowerShell;

/// <summary>The package takes its texts from the module's manifest and its version from the build: where the two are said twice, they must agree.</summary>
public sealed class ManifestTests
{
    private static readonly string s_manifest = File.ReadAllText(Path.Combine(Repository.Root, "module", "Homelab.PowerShell.psd1"));
    private static readonly XDocument s_build = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props"));

    [Fact]
    public void The_module_has_the_version_of_the_build() => Assert.Equal(s_build.Descendants("Version").Single().Value, Value("ModuleVersion"));

    [Fact]
    public void The_module_names_the_authors_of_the_build() => Assert.Equal(s_build.Descendants("Authors").Single().Value, Value("Author"));

    [Fact]
    public void The_module_names_the_licence_of_the_build()
    {
        Assert.Equal("MIT", s_build.Descendants("PackageLicenseExpression").Single().Value);
        Assert.Equal("https://opensource.org/license/mit", Value("LicenseUri"));
        Assert.StartsWith("MIT License", File.ReadAllText(Path.Combine(Repository.Root, "LICENSE")), StringComparison.Ordinal);
    }

    // The package's targets read these by the same pattern; a quoted quote would end them early.
    [Theory]
    [InlineData("Author")]
    [InlineData("Copyright")]
    [InlineData("Description")]
    [InlineData("ProjectUri")]
    [InlineData("ReleaseNotes")]
    public void What_the_package_takes_from_the_manifest_is_one_plain_text(string key)
    {
        Assert.NotEmpty(Value(key));
        Assert.DoesNotContain($"{key} = '{Value(key)}''", s_manifest, StringComparison.Ordinal);
    }

    private static string Value(string key) => Assert.Single(Regex.Matches(s_manifest, $@"\b{key} = '([^']+)'", RegexOptions.None, TimeSpan.FromMinutes(1))).Groups[1].Value;
}
