using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.Automation.Expressions;

/// <summary>A text with <c>{{ expressions }}</c>. When the whole text is one expression, its value keeps its type.</summary>
public sealed class Template
{
    private readonly IReadOnlyList<(string? Text, Expression? Expression)> _parts;

    private Template(IReadOnlyList<(string? Text, Expression? Expression)> parts) => _parts = parts;

    /// <summary>The expressions in it, in order.</summary>
    public IEnumerable<Expression> Expressions => _parts.Where(p => p.Expression is not null).Select(p => p.Expression!);

    /// <summary>True when it holds no expression.</summary>
    public bool IsPlain => _parts.All(p => p.Expression is null);

    /// <summary>Reads a template.</summary>
    /// <exception cref="ExpressionException">An expression cannot be read, or <c>{{</c> has no <c>}}</c>.</exception>
    public static Template Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = new List<(string?, Expression?)>();
        var at = 0;
        while (text.IndexOf("{{", at, StringComparison.Ordinal) is >= 0 and var open)
        {
            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0) throw new ExpressionException(text, open + 1, "'{{' has no '}}'");
            if (open > at) parts.Add((text[at..open], null));
            parts.Add((null, Expression.Parse(text[(open + 2)..close].Trim())));
            at = close + 2;
        }

        if (at < text.Length || parts.Count == 0) parts.Add((text[at..], null));
        return new Template(parts);
    }

    /// <summary>Its value: the one expression's, or the text with every expression's value written in.</summary>
    /// <exception cref="ExpressionException">An expression has no value.</exception>
    public JsonNode? Render(JsonObject scope)
    {
        if (_parts is [{ Expression: { } only }]) return only.Value(scope)?.DeepClone();
        return JsonValue.Create(Text(scope));
    }

    /// <summary>Its text.</summary>
    /// <exception cref="ExpressionException">An expression has no value.</exception>
    public string Text(JsonObject scope)
    {
        var text = new StringBuilder();
        foreach (var (plain, expression) in _parts)
        {
            if (expression is null)
            {
                text.Append(plain);
                continue;
            }

            var value = expression.Value(scope);
            text.Append(value is null ? "" : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString());
        }

        return text.ToString();
    }
}
