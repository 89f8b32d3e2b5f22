using System.Text.Json.Nodes;

namespace Homelab.Automation.Expressions;

/// <summary>
/// A condition or value over alert, service and earlier steps. The language has paths (<c>steps.look.state</c>, <c>list[0]</c>), texts, numbers,
/// comparisons, <c>and</c>, <c>or</c>, <c>not</c>, <c>in</c> and a few functions. It can only look: no assignment, no loop, no call into code.
/// </summary>
public sealed class Expression
{
    private readonly Node _root;

    private Expression(string text, Node root)
    {
        Text = text;
        _root = root;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Reads an expression.</summary>
    /// <exception cref="ExpressionException">It cannot be read; says at which column and why.</exception>
    public static Expression Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new Expression(text, Parser.Parse(text));
    }

    /// <summary>Its value.</summary>
    /// <exception cref="ExpressionException">A name does not exist, or types do not fit; says at which column.</exception>
    public JsonNode? Value(JsonObject scope) => new Evaluator(Text, scope).Value(_root);

    /// <summary>Whether it holds. Anything but true or false is an error.</summary>
    /// <exception cref="ExpressionException">As for <see cref="Value"/>.</exception>
    public bool Holds(JsonObject scope) => new Evaluator(Text, scope).Truth(_root);

    /// <summary>Every path it reads, as far as it is written out: <c>steps.look.state</c>. With the column of its first name.</summary>
    public IEnumerable<(string Path, int Position)> Paths() => Paths(_root);

    /// <summary>The operations that it asks for by <c>has('…')</c>, as far as they are written out.</summary>
    internal IEnumerable<string> Sought() => Sought(_root);

    private static IEnumerable<string> Sought(Node node) => node switch
    {
        Node.Call { Function: "has", Arguments: [Node.Literal { Value: { } name }] } => [name.ToString()],
        Node.Call call => call.Arguments.SelectMany(Sought),
        Node.Not not => Sought(not.Of),
        Node.Binary binary => Sought(binary.Left).Concat(Sought(binary.Right)),
        _ => [],
    };

    private static IEnumerable<(string Path, int Position)> Paths(Node node)
    {
        if (Written(node) is { } path) return [(path.Text, path.Position)];
        return node switch
        {
            Node.Member member => Paths(member.Of),
            Node.Element element => Paths(element.Of).Concat(Paths(element.Index)),
            Node.Call call => call.Arguments.SelectMany(Paths),
            Node.Listing listing => listing.Items.SelectMany(Paths),
            Node.Not not => Paths(not.Of),
            Node.Binary binary => Paths(binary.Left).Concat(Paths(binary.Right)),
            _ => [],
        };
    }

    private static (string Text, int Position)? Written(Node node) => node switch
    {
        Node.Root root => (root.Name, root.Position),
        Node.Member member when Written(member.Of) is { } of => ($"{of.Text}.{member.Name}", of.Position),
        _ => null,
    };
}
