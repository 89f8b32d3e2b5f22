using ModelContextProtocol.Protocol;

namespace Homelab.Host.Mcp;

/// <summary>The operations of the catalog as MCP tools: those that the policy lets this caller have at all, by name.</summary>
internal static class ToolList
{
    internal static IList<Tool> For(OperationGate gate, Caller caller)
    {
        var tools = new List<Tool>();
        foreach (var operation in gate.Catalog.All.Select(o => o.Descriptor).Where(static o => o.IsOffered))
        {
            var verdict = gate.Foresee(operation, caller).Verdict;
            // A query is never asked for: what is not free to look at is refused.
            if (verdict == Requirement.Deny || (!operation.IsChange && verdict != Requirement.Auto)) continue;
            tools.Add(Of(operation, verdict));
        }

        return tools;
    }

    private static Tool Of(OperationDescriptor operation, Requirement verdict) => new()
    {
        Name = operation.Name,
        Title = Title(operation),
        Description = operation.Summary + verdict switch
        {
            Requirement.Ask => " A person must approve each call.",
            Requirement.AskTwice => " Two confirmations by people are needed for each call.",
            _ => "",
        },
        InputSchema = InputSchema.Of(operation.Input),
        Annotations = new ToolAnnotations
        {
            ReadOnlyHint = !operation.IsChange,
            DestructiveHint = operation.Risk >= Risk.Disrupt,
            IdempotentHint = operation.Idempotent,
            // Even a list of containers brings in names that somebody else has chosen.
            OpenWorldHint = true,
        },
    };

    // "Restart container (docker)".
    private static string Title(OperationDescriptor operation)
    {
        var words = operation.Name[(operation.System.Length + 1)..].Replace('_', ' ');
        return $"{char.ToUpperInvariant(words[0])}{words[1..]} ({operation.System})";
    }
}
