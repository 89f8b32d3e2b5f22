using System.Xml.Linq;
using Homelab.Tests;

namespace Homelab.UnitTests.PowerShell;

/// <summary>The views of the module, as its files say them.</summary>
internal static class FormatFiles
{
    /// <summary>The files, by name.</summary>
    internal static IReadOnlyList<string> Names { get; } = [.. Repository.Files("module", "*.Format.ps1xml").Select(static f => Path.GetFileName(f))];

    /// <summary>Every view of every file.</summary>
    internal static IReadOnlyList<FormatView> Views { get; } =
        [.. Names.SelectMany(static n => XDocument.Load(Path.Join(Repository.Root, "module", n)).Descendants("View")).Select(static v => new FormatView(v))];
}

/// <summary>One view: a table or a list of one record.</summary>
internal sealed class FormatView(XElement view)
{
    internal string Name { get; } = (string)view.Element("Name")!;

    /// <summary>The record; null when there is none of that name.</summary>
    internal Type? Type { get; } = typeof(Container).Assembly.GetType((string)view.Element("ViewSelectedBy")!.Element("TypeName")!);

    /// <summary>The heads of a table's columns; empty for a list.</summary>
    internal IReadOnlyList<string> Columns { get; } = [.. view.Descendants("TableColumnHeader").Select(static c => (string)c.Element("Label")!)];

    /// <summary>The labels of a list's lines; empty for a table. A line without one is called as its property.</summary>
    internal IReadOnlyList<string> Lines { get; } = [.. view.Descendants("ListItem").Select(static i => (string?)i.Element("Label") ?? (string)i.Element("PropertyName")!)];

    /// <summary>What is called, wherever something is shown.</summary>
    internal IReadOnlyList<string> Scripts { get; } = [.. view.Descendants("ScriptBlock").Select(static s => s.Value)];

    /// <summary>The properties that are shown as they are.</summary>
    internal IReadOnlyList<string> Properties { get; } = [.. view.Descendants("PropertyName").Select(static p => p.Value)];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
