using System.Management.Automation;
using SQLitePCL;
using YamlDotNet.Serialization;

namespace ClashingModule;

/// <summary>Somebody else's cmdlet: it reads YAML with the YamlDotNet that its module brings along.</summary>
[Cmdlet(VerbsData.ConvertFrom, "ClashingYaml")]
[OutputType(typeof(ClashingLine))]
public sealed class ConvertFromClashingYamlCommand : PSCmdlet
{
    /// <summary>The text.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string Yaml { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var (key, value) in new DeserializerBuilder().Build().Deserialize<Dictionary<string, string>>(Yaml))
        {
            WriteObject(new ClashingLine(key, value, typeof(IDeserializer).Assembly.GetName().Version!, raw.Version));
        }
    }
}
