using System.Text;

namespace Homelab.Automation.Expressions;

/// <summary>Cuts an expression into names, texts, numbers and marks.</summary>
internal static class Lexer
{
    private static readonly string[] s_marks = ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", ".", ","];

    internal static List<Token> Read(string expression)
    {
        var tokens = new List<Token>();
        var at = 0;
        while (at < expression.Length)
        {
            var c = expression[at];
            if (char.IsWhiteSpace(c))
            {
                at++;
            }
            else if (c is '\'' or '"')
            {
                tokens.Add(ReadText(expression, ref at));
            }
            else if (char.IsAsciiDigit(c) || (c == '-' && at + 1 < expression.Length && char.IsAsciiDigit(expression[at + 1])))
            {
                tokens.Add(ReadNumber(expression, ref at));
            }
            else if (char.IsAsciiLetter(c) || c == '_')
            {
                tokens.Add(ReadName(expression, ref at));
            }
            else
            {
                var start = at;
                var mark = Array.Find(s_marks, m => string.CompareOrdinal(expression, start, m, 0, m.Length) == 0)
                    ?? throw new ExpressionException(expression, at + 1, $"'{c}' has no meaning here");
                tokens.Add(new Token(TokenKind.Mark, mark, at + 1));
                at += mark.Length;
            }
        }

        tokens.Add(new Token(TokenKind.End, "", expression.Length + 1));
        return tokens;
    }

    private static Token ReadText(string expression, ref int at)
    {
        var start = at;
        var quote = expression[at++];
        var text = new StringBuilder();
        while (at < expression.Length && expression[at] != quote)
        {
            if (expression[at] == '\\' && at + 1 < expression.Length) at++;
            text.Append(expression[at++]);
        }

        if (at == expression.Length) throw new ExpressionException(expression, start + 1, $"the text that begins here has no closing {quote}");
        at++;
        return new Token(TokenKind.Text, text.ToString(), start + 1);
    }

    private static Token ReadNumber(string expression, ref int at)
    {
        var start = at++;
        while (at < expression.Length && (char.IsAsciiDigit(expression[at]) || expression[at] == '.')) at++;
        return new Token(TokenKind.Number, expression[start..at], start + 1);
    }

    private static Token ReadName(string expression, ref int at)
    {
        var start = at;
        // A hyphen belongs to a name: step ids and label names use it, and there is no subtraction.
        while (at < expression.Length && (char.IsAsciiLetterOrDigit(expression[at]) || expression[at] is '_' or '-')) at++;
        return new Token(TokenKind.Name, expression[start..at], start + 1);
    }
}
