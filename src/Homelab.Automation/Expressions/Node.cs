using System.Text.Json.Nodes;

namespace Homelab.Automation.Expressions;

/// <summary>A part of a parsed expression. <paramref name="Position"/> is its column, from 1.</summary>
internal abstract record Node(int Position)
{
    internal sealed record Literal(int Position, JsonNode? Value) : Node(Position);

    /// <summary>The first name of a path: <c>service</c>, <c>steps</c>.</summary>
    internal sealed record Root(int Position, string Name) : Node(Position);

    internal sealed record Member(int Position, Node Of, string Name) : Node(Position);

    internal sealed record Element(int Position, Node Of, Node Index) : Node(Position);

    internal sealed record Call(int Position, string Function, IReadOnlyList<Node> Arguments) : Node(Position);

    internal sealed record Listing(int Position, IReadOnlyList<Node> Items) : Node(Position);

    internal sealed record Not(int Position, Node Of) : Node(Position);

    internal sealed record Binary(int Position, string Operator, Node Left, Node Right) : Node(Position);
}
