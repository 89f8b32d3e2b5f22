using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace Homelab.UnitTests.PowerShell.Help;

/// <summary>What help says of a cmdlet beyond its own descriptions.</summary>
internal static partial class HelpText
{
    // The topics that explain more, and who refers to them.
    private static readonly (Func<CmdletClass, bool> Fits, string Topic)[] s_topics =
    [
        (static _ => true, "about_Homelab"),
        (static c => c.SupportsShouldProcess || c.Noun is "HlDecision" or "HlApproval" or "HlAudit", "about_Homelab_Gate"),
        (static c => c.Noun is "Hl" or "HlLab" or "HlService", "about_Homelab_LabFile"),
        (static c => c.Noun is "HlRunbook" or "HlRunbookRun" or "HlScheduler", "about_Homelab_Runbooks"),
        (static c => c.Noun is "HlIncident" or "HlHeal" or "HlHealing" or "HlListener", "about_Homelab_Healing"),
    ];

    /// <summary>The parameter sets, each of which is one line of the syntax. One that is called null where there are none.</summary>
    internal static IReadOnlyList<string?> Sets(CmdletClass cmdlet)
    {
        string?[] sets = [.. cmdlet.Parameters.SelectMany(static p => p.Sets).Distinct(StringComparer.Ordinal)];
        return sets.Length > 0 ? sets : [null];
    }

    internal static string Pipeline(CmdletParameter parameter) => (parameter.FromPipeline, parameter.FromProperty) switch
    {
        (true, true) => "True (ByPropertyName, ByValue)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };

    internal static string TypeName(Type type) =>
        type.IsArray ? TypeName(type.GetElementType()!) + "[]" : type.Namespace == "System" || type.Name == nameof(SwitchParameter) ? type.Name : type.FullName!;

    internal static string FirstSentence(string text)
    {
        var end = SentencePattern().Match(text);
        return end.Success ? text[..(end.Index + 1)] : text;
    }

    internal static string Returned(CmdletClass cmdlet, Type type)
    {
        var summary = type.Namespace == "Homelab" ? CodeDocumentation.Summary(type) : "";
        return cmdlet.Parameters.Any(static p => p.Name == "PassThru") ? $"Only with -PassThru. {summary}" : summary;
    }

    internal static IEnumerable<string> Notes(CmdletClass cmdlet)
    {
        if (cmdlet.Operation is not { } operation) yield break;
        var unattended = operation.Unattended switch
        {
            Requirement.Auto => "it runs",
            Requirement.Ask => "a person has to approve it",
            Requirement.AskTwice => "it needs two different confirmations",
            _ => "it is refused",
        };
        yield return $"Operation: {operation.Name}. This is its name in runbooks, policies and the audit, and for AI clients.";
        yield return string.Create(CultureInfo.InvariantCulture, $"Level: {(int)operation.Level} {operation.Level}. Risk: {operation.Risk}. When nobody sits at the prompt {unattended}, unless the lab's policy says otherwise.");
        if (CodeDocumentation.Remarks(operation.OperationType) is { Length: > 0 } native) yield return native;
    }

    /// <summary>The other cmdlets of the noun, and the topics that explain more.</summary>
    internal static IEnumerable<string> Related(CmdletClass cmdlet, IReadOnlyList<CmdletClass> all) =>
        all.Where(c => c.Noun == cmdlet.Noun && c.Name != cmdlet.Name).Select(static c => c.Name).Concat(s_topics.Where(t => t.Fits(cmdlet)).Select(static t => t.Topic));

    // A full stop within homelab.yaml ends no sentence.
    [GeneratedRegex(@"\.(?= [A-Z])", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex SentencePattern();
}
