using System.Globalization;
using System.Text.Json.Nodes;

namespace Homelab.Automation.Expressions;

/// <summary>
/// Reads the grammar, loosest first: <c>or</c>, <c>and</c>, <c>not</c>, one comparison or <c>in</c>, then a literal, a list, a path, a call or parentheses.
/// </summary>
internal sealed class Parser
{
    private const int MaxLength = 4096;
    private const int MaxDepth = 64;

    private readonly string _expression;
    private readonly List<Token> _tokens;
    private int _at;
    private int _depth;

    private Parser(string expression)
    {
        _expression = expression;
        if (expression.Length > MaxLength) throw Wrong(1, $"it is longer than {MaxLength} characters");
        _tokens = Lexer.Read(expression);
    }

    internal static Node Parse(string expression)
    {
        var parser = new Parser(expression);
        var node = parser.Or();
        if (parser.Current.Kind != TokenKind.End) throw parser.Wrong(parser.Current.Position, $"'{parser.Current.Text}' was not expected; the expression could end before it");
        return node;
    }

    private Token Current => _tokens[_at];

    private Node Or()
    {
        if (++_depth > MaxDepth) throw Wrong(Current.Position, $"it is nested more than {MaxDepth} deep");
        var left = And();
        while (Is("or") || Is("||"))
        {
            var at = Take().Position;
            left = new Node.Binary(at, "or", left, And());
        }

        _depth--;
        return left;
    }

    private Node And()
    {
        var left = Not();
        while (Is("and") || Is("&&"))
        {
            var at = Take().Position;
            left = new Node.Binary(at, "and", left, Not());
        }

        return left;
    }

    private Node Not()
    {
        if (!Is("not") && !Is("!")) return Comparison();
        if (++_depth > MaxDepth) throw Wrong(Current.Position, $"it is nested more than {MaxDepth} deep");
        var at = Take().Position;
        var node = new Node.Not(at, Not());
        _depth--;
        return node;
    }

    private Node Comparison()
    {
        var left = Path();
        if (!(Current.Kind == TokenKind.Mark && Current.Text is "==" or "!=" or "<" or "<=" or ">" or ">=") && !Is("in")) return left;
        var sign = Take();
        return new Node.Binary(sign.Position, sign.Text, left, Path());
    }

    private Node Path()
    {
        var node = Primary();
        while (Current.Kind == TokenKind.Mark && Current.Text is "." or "[")
        {
            var at = Take();
            if (at.Text == ".")
            {
                if (Current.Kind != TokenKind.Name) throw Wrong(Current.Position, "a name was expected after the dot");
                node = new Node.Member(Current.Position, node, Take().Text);
            }
            else
            {
                var index = Or();
                Expect("]");
                node = new Node.Element(at.Position, node, index);
            }
        }

        return node;
    }

    private Node Primary()
    {
        var token = Take();
        switch (token.Kind)
        {
            case TokenKind.Text:
                return new Node.Literal(token.Position, JsonValue.Create(token.Text));
            case TokenKind.Number:
                return double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    ? new Node.Literal(token.Position, JsonValue.Create(number))
                    : throw Wrong(token.Position, $"'{token.Text}' is not a number");
            case TokenKind.Name when token.Text is "true" or "false":
                return new Node.Literal(token.Position, JsonValue.Create(token.Text == "true"));
            case TokenKind.Name when token.Text == "null":
                return new Node.Literal(token.Position, null);
            case TokenKind.Name when token.Text is not ("and" or "or" or "not" or "in"):
                return Is("(") ? Call(token) : new Node.Root(token.Position, token.Text);
            case TokenKind.Mark when token.Text == "[":
                return new Node.Listing(token.Position, Items("]"));
            case TokenKind.Mark when token.Text == "(":
                var inner = Or();
                Expect(")");
                return inner;
            case TokenKind.End:
                throw Wrong(token.Position, "it ends where a value was expected");
            default:
                throw Wrong(token.Position, $"a value was expected, not '{token.Text}'");
        }
    }

    private Node.Call Call(Token name)
    {
        if (!Functions.Arity.TryGetValue(name.Text, out var arity))
        {
            throw Wrong(name.Position, $"there is no function '{name.Text}'. {NearestName.Hint(name.Text, [.. Functions.Arity.Keys])}");
        }

        Expect("(");
        var arguments = Items(")");
        return arguments.Count == arity
            ? new Node.Call(name.Position, name.Text, arguments)
            : throw Wrong(name.Position, $"{name.Text} takes {arity} values, not {arguments.Count}");
    }

    private List<Node> Items(string end)
    {
        var items = new List<Node>();
        if (!Is(end))
        {
            items.Add(Or());
            while (Is(","))
            {
                Take();
                items.Add(Or());
            }
        }

        Expect(end);
        return items;
    }

    private bool Is(string text) => Current.Kind is TokenKind.Name or TokenKind.Mark && Current.Text == text;

    private Token Take() => Current.Kind == TokenKind.End ? Current : _tokens[_at++];

    private void Expect(string mark)
    {
        if (!Is(mark)) throw Wrong(Current.Position, $"'{mark}' was expected");
        Take();
    }

    private ExpressionException Wrong(int position, string reason) => new(_expression, position, reason);
}
