using System.Management.Automation;
using System.Xml.Linq;

namespace Homelab.UnitTests.PowerShell.Help;

/// <summary>
/// Writes the help file of the module, en-US/Homelab.PowerShell.dll-Help.xml, from the cmdlets. Each cmdlet says in attributes what a person needs:
/// the face of an operation by its operation's <c>[Description]</c> and <c>[Example]</c> and by the <c>[Description]</c> of the properties of its input; one that is
/// written by hand by <c>[Description]</c> and two <c>[Example]</c> on its class and a <c>[Description]</c> on each parameter. What a class says itself counts
/// more than what its operation says.
/// </summary>
internal static class HelpWriter
{
    private static readonly XNamespace s_help = "http://msh";
    private static readonly XNamespace s_maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace s_command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace s_dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    // PowerShell's own, which every cmdlet that changes something has.
    private static readonly (string Name, string Alias, string Description)[] s_asking =
    [
        ("Confirm", "cf", "Asks before anything is done."),
        ("WhatIf", "wi", "Says what would be done, or why the gate would refuse it, and does nothing."),
    ];

    internal static string Write(IEnumerable<CmdletClass> cmdlets)
    {
        var all = cmdlets.ToArray();
        var root = new XElement(
            s_help + "helpItems",
            new XAttribute("schema", "maml"),
            new XAttribute(XNamespace.Xmlns + "maml", s_maml),
            new XAttribute(XNamespace.Xmlns + "command", s_command),
            new XAttribute(XNamespace.Xmlns + "dev", s_dev),
            all.Select(c => Command(c, all)));
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- Written from the cmdlets: set HOMELAB_UPDATE_SCHEMAS=1 and run the tests of the help. -->\n" + root.ToString().ReplaceLineEndings("\n") + "\n";
    }

    private static XElement Command(CmdletClass cmdlet, IReadOnlyList<CmdletClass> all) => new(
        s_command + "command",
        new XElement(
            s_command + "details",
            new XElement(s_command + "name", cmdlet.Name),
            new XElement(s_command + "verb", cmdlet.Verb),
            new XElement(s_command + "noun", cmdlet.Noun),
            Described(HelpText.FirstSentence(cmdlet.Description ?? ""))),
        Described(cmdlet.Description ?? ""),
        new XElement(s_command + "syntax", HelpText.Sets(cmdlet).Select(set => new XElement(
            s_command + "syntaxItem",
            new XElement(s_maml + "name", cmdlet.Name),
            cmdlet.Parameters.Where(p => p.Sets.Count == 0 || p.Sets.Contains(set)).Select(p => Parameter(p, set, inSyntax: true)),
            Asking(cmdlet)))),
        new XElement(s_command + "parameters", cmdlet.Parameters.Select(static p => Parameter(p, null, inSyntax: false)), Asking(cmdlet)),
        new XElement(s_command + "inputTypes", cmdlet.Parameters.Where(static p => p.FromPipeline).Select(static p => Typed("inputType", HelpText.TypeName(p.Type), $"-{p.Name}: {p.Description}"))),
        new XElement(s_command + "returnValues", cmdlet.OutputTypes.Select(t => Typed("returnValue", t.FullName!, HelpText.Returned(cmdlet, t)))),
        new XElement(s_maml + "alertSet", new XElement(s_maml + "alert", HelpText.Notes(cmdlet).Select(static n => new XElement(s_maml + "para", n)))),
        new XElement(s_command + "examples", cmdlet.Examples.Select(static (e, i) => new XElement(
            s_command + "example",
            new XElement(s_maml + "title", $"--- Example {i + 1} ---"),
            new XElement(s_dev + "code", e.Command),
            new XElement(s_dev + "remarks", new XElement(s_maml + "para", e.Meaning))))),
        new XElement(s_command + "relatedLinks", HelpText.Related(cmdlet, all).Select(static r => new XElement(s_maml + "navigationLink", new XElement(s_maml + "linkText", r), new XElement(s_maml + "uri")))));

    private static XElement Parameter(CmdletParameter parameter, string? set, bool inSyntax)
    {
        var type = HelpText.TypeName(parameter.Type);
        var element = Named(
            parameter.Name,
            $"{parameter.Description} {parameter.Limits}".TrimEnd(),
            parameter.IsMandatoryIn(set),
            parameter.Globbing,
            HelpText.Pipeline(parameter),
            parameter.Position is { } position ? $"{position}" : "named",
            parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases));
        // A switch has no value that the syntax could name.
        if (!inSyntax || !parameter.IsSwitch) element.Add(Value(type, !parameter.IsSwitch, parameter.Type.IsArray));
        if (parameter.Type.IsEnum) element.Add(new XElement(s_command + "parameterValueGroup", Enum.GetNames(parameter.Type).Select(static n => Value(n, required: false, isList: false))));
        element.Add(TypeOf(type), new XElement(s_dev + "defaultValue", parameter.IsSwitch ? "False" : parameter.Default ?? "None"));
        return element;
    }

    private static IEnumerable<XElement> Asking(CmdletClass cmdlet) => !cmdlet.SupportsShouldProcess ? [] : s_asking.Select(static a =>
    {
        var element = Named(a.Name, a.Description, required: false, globbing: false, "False", "named", a.Alias);
        element.Add(TypeOf(nameof(SwitchParameter)), new XElement(s_dev + "defaultValue", "False"));
        return element;
    });

    private static XElement Named(string name, string description, bool required, bool globbing, string pipeline, string position, string aliases) => new(
        s_command + "parameter",
        new XAttribute("required", required),
        new XAttribute("globbing", globbing),
        new XAttribute("pipelineInput", pipeline),
        new XAttribute("position", position),
        new XAttribute("aliases", aliases),
        new XElement(s_maml + "name", name),
        Described(description));

    private static XElement Value(string text, bool required, bool isList) =>
        new(s_command + "parameterValue", new XAttribute("required", required), new XAttribute("variableLength", isList), text);

    private static XElement Typed(string element, string type, string text) => new(s_command + element, TypeOf(type), Described(text));

    private static XElement TypeOf(string name) => new(s_dev + "type", new XElement(s_maml + "name", name), new XElement(s_maml + "uri"));

    private static XElement Described(string text) => new(s_maml + "description", new XElement(s_maml + "para", text));
}
