using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Configuration;

/// <summary>What the head of every resource says: which format it is in, and what it describes.</summary>
internal static class Resource
{
    internal const string ApiVersion = "homelab/v1";
    internal const string Lab = "Lab";
    internal const string Runbook = "Runbook";

    /// <summary>
    /// True when the head does not speak of something else. What is missing is found later, with the other missing keys; what is another
    /// kind or version is said alone, for none of its keys would fit.
    /// </summary>
    internal static bool IsHead(MappingNode document, string kind, ProblemList problems) =>
        Is(document, "apiVersion", ApiVersion, problems) & Is(document, "kind", kind, problems);

    private static bool Is(MappingNode document, string key, string expected, ProblemList problems)
    {
        if (document.ValueOf(key) is not { } node || node is ScalarNode { Text: var text } && text == expected) return true;
        var given = node is ScalarNode scalar ? ProblemList.Show(scalar.Text) : node.Kind;
        problems.Add(node.Position, key, $"is {given}, not {expected}", $"Write {key}: {expected}, or give a file of that kind.");
        return false;
    }
}

/// <summary>The head of a lab file; the rest of its keys are those of <see cref="LabDefinition"/>.</summary>
internal sealed record LabHead
{
    [AllowedValues(Resource.ApiVersion)]
    [Description("The version of this format.")]
    public required string ApiVersion { get; init; }

    [AllowedValues(Resource.Lab)]
    [Description("What the file describes.")]
    public required string Kind { get; init; }

    [Description("What the lab is called.")]
    public required LabMetadata Metadata { get; init; }

    [Description("More files, relative to this one, with * and ?. A section may be spread over files; an entry of it stands in one.")]
    public IReadOnlyList<string> Include { get; init; } = [];
}

/// <summary>What a lab is called.</summary>
internal sealed record LabMetadata
{
    [RegularExpression(@"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")]
    [Description("The lab's name: letters, digits, '.', '_' and '-'.")]
    public required string Name { get; init; }
}

/// <summary>A runbook file.</summary>
internal sealed record RunbookDocument
{
    [AllowedValues(Resource.ApiVersion)]
    [Description("The version of this format.")]
    public required string ApiVersion { get; init; }

    [AllowedValues(Resource.Runbook)]
    [Description("What the file describes.")]
    public required string Kind { get; init; }

    [Description("What the runbook is called, and what it is for.")]
    public required RunbookMetadata Metadata { get; init; }

    [Description("What it does.")]
    public required Runbook Spec { get; init; }
}

/// <summary>What a runbook is called, and what it is for.</summary>
internal sealed record RunbookMetadata
{
    [RegularExpression("[a-z0-9]+(-[a-z0-9]+)*")]
    [StringLength(63, MinimumLength = 1)]
    [Description("The runbook's name, in small letters and digits with hyphens: container-crash-recovery.")]
    public required string Name { get; init; }

    [Description("What it is for, one sentence.")]
    public string Description { get; init; } = "";
}
