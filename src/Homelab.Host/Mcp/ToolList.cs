using System.Runtime.CompilerServices;
using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Homelab.Host.Mcp;

/// <summary>The operations of the catalog as MCP tools: those that the policy and the credential let this caller have at all, by name.</summary>
internal static class ToolList
{
    // The same for every caller, and more work than all the rest: a client without a session is told the list anew each time.
    private static readonly ConditionalWeakTable<OperationDescriptor, Shapes> s_shapes = [];

    internal static IList<Tool> For(OperationGate gate, Caller caller)
    {
        var allowed = gate.Catalog.All.Select(o => (Operation: o.Descriptor, gate.Foresee(o.Descriptor, caller).Verdict)).Where(static o => IsOffered(o.Operation, o.Verdict)).ToList();
        var names = allowed.Select(static o => o.Operation.Name).ToHashSet(StringComparer.Ordinal);
        return [.. allowed.Select(o => Of(o.Operation, o.Verdict, names))];
    }

    /// <summary>Whether this caller has an operation right now.</summary>
    internal static bool Offers(OperationGate gate, Caller caller, string operation) => gate.Catalog.TryFind(operation, out var found) && IsOffered(found.Descriptor, gate.Foresee(found.Descriptor, caller).Verdict);

    // A query is never asked for: what is not free to look at is refused.
    private static bool IsOffered(OperationDescriptor operation, Requirement verdict) => operation.IsOffered && (operation.IsChange ? verdict != Requirement.Deny : verdict == Requirement.Auto);

    private static Tool Of(OperationDescriptor operation, Requirement verdict, IReadOnlySet<string> offered) => new()
    {
        Name = operation.Name,
        Title = ToolText.Title(operation),
        Description = ToolText.Description(operation, verdict, offered),
        InputSchema = ShapesOf(operation).Input,
        OutputSchema = ShapesOf(operation).Output,
        Annotations = new ToolAnnotations
        {
            ReadOnlyHint = !operation.IsChange,
            DestructiveHint = operation.Risk >= Risk.Disrupt,
            IdempotentHint = operation.Idempotent,
            // Even a list of containers brings in names that somebody else has chosen.
            OpenWorldHint = true,
        },
    };

    private static Shapes ShapesOf(OperationDescriptor operation) => s_shapes.GetValue(operation, static o => new Shapes(InputSchema.Of(o.Input), OutputSchema.Of(o)));

    private sealed record Shapes(JsonElement Input, JsonElement Output);
}
