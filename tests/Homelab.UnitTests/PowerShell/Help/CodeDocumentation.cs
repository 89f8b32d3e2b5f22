using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Homelab.UnitTests.PowerShell.Help;

/// <summary>The doc comments of the code, which the compiler writes beside each assembly.</summary>
internal static partial class CodeDocumentation
{
    private static readonly ConcurrentDictionary<Assembly, XDocument> s_files = new();

    /// <summary>What a type is.</summary>
    internal static string Summary(Type type) => Read(type, "summary");

    /// <summary>Remarks on a type: those of an operation name the native call and command.</summary>
    internal static string Remarks(Type type) => Read(type, "remarks");

    private static string Read(Type type, string element)
    {
        var file = s_files.GetOrAdd(type.Assembly, static a => XDocument.Load(Path.ChangeExtension(a.Location, ".xml")));
        var member = file.Descendants("member").Single(m => (string?)m.Attribute("name") == $"T:{type.FullName!.Replace('+', '.')}");
        return member.Element(element) is { } found ? BlankPattern().Replace(string.Concat(found.Nodes().Select(Plain)), " ").Trim() : "";
    }

    private static string Plain(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { IsEmpty: true } reference when (string?)reference.Attribute("cref") is { } cref => cref[(cref.LastIndexOf('.') + 1)..],
        XElement element => string.Concat(element.Nodes().Select(Plain)),
        _ => "",
    };

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex BlankPattern();
}
