using System.Xml.Linq;
using Homelab.UnitTests.Configuration;

namespace Homelab.UnitTests.PowerShell.Help;

public sealed class HelpFileTests
{
    // Get-Help looks for the assembly's name in the culture's folder beside the manifest, before the module is imported and after.
    private const string HelpFile = "module/en-US/Homelab.PowerShell.dll-Help.xml";

    [Fact]
    public void The_help_of_the_module_is_that_of_its_cmdlets() => PublishedFile.AssertIs(HelpFile, HelpWriter.Write(CmdletClass.All));

    [Theory]
    [InlineData("One. Two.", "One.")]
    [InlineData("Reads homelab.yaml first. Then stops.", "Reads homelab.yaml first.")]
    [InlineData("Only one", "Only one")]
    public void A_synopsis_is_the_first_sentence(string text, string synopsis) => Assert.Equal(synopsis, HelpText.FirstSentence(text));

    [Fact]
    public void Each_parameter_set_is_a_line_of_the_syntax()
    {
        var help = XDocument.Parse(HelpWriter.Write(CmdletClass.All.Where(static c => c.Name == "Connect-Hl")));
        var lines = Named(help.Root!, "syntaxItem").Select(static s => string.Join(' ', Named(s, "parameter").Select(static p => $"{p.Elements().First().Value}:{(string?)p.Attribute("required")}")));
        Assert.Equal(["Path:false Unattended:false", "Simulated:true Unattended:false"], lines);
    }

    [Fact]
    public void Help_refers_only_to_topics_that_exist() =>
        Assert.Empty(CmdletClass.All.SelectMany(static c => HelpText.Related(c, CmdletClass.All)).Where(static r => r.StartsWith("about_", StringComparison.Ordinal)).Except(TopicTests.Names));

    private static IEnumerable<XElement> Named(XElement element, string name) => element.Descendants().Where(e => e.Name.LocalName == name);
}
