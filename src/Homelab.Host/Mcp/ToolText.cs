namespace Homelab.Host.Mcp;

/// <summary>What a model is told of one tool: what it does, when another is the better one, what comes back, and who is asked. Nothing of it comes from another system.</summary>
internal static class ToolText
{
    private const int MostFields = 14;

    /// <summary>"Restart container (docker)".</summary>
    internal static string Title(OperationDescriptor operation)
    {
        var words = operation.Name[(operation.System.Length + 1)..].Replace('_', ' ');
        return $"{char.ToUpperInvariant(words[0])}{words[1..]} ({operation.System})";
    }

    /// <param name="operation">The tool.</param>
    /// <param name="verdict">What each call of it needs at the least.</param>
    /// <param name="offered">The tools that this caller has: no other is named.</param>
    internal static string Description(OperationDescriptor operation, Requirement verdict, IReadOnlySet<string> offered)
    {
        string?[] sentences =
        [
            operation.Summary,
            ToolAdvice.For(operation.Name, offered),
            operation.Risk switch
            {
                Risk.Disrupt => "May interrupt what people use.",
                Risk.Destroy => "What it removes does not come back.",
                _ => null,
            },
            Returns(operation),
            verdict switch
            {
                Requirement.Ask => "A person must approve each call.",
                Requirement.AskTwice => "Two confirmations by people are needed for each call.",
                _ => null,
            },
        ];
        return string.Join(' ', sentences.OfType<string>());
    }

    private static string Returns(OperationDescriptor operation)
    {
        var fields = OutputSchema.FieldsOf(operation);
        if (fields.Count == 0) return operation.IsChange ? "Result: a text." : "Each item: a text.";
        var named = string.Join(", ", fields.Take(MostFields)) + (fields.Count > MostFields ? ", …" : "");
        return operation.IsChange ? $"Result: {named}." : $"Each item: {named}.";
    }
}
