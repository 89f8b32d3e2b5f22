namespace Homelab.Automation.Expressions;

/// <summary>An expression that cannot be read or has no value. <see cref="Position"/> is the column in the expression, from 1.</summary>
public sealed class ExpressionException(string expression, int position, string reason)
    : HomelabException(ErrorKind.Invalid, "ExpressionInvalid", $"'{Shorten(expression)}' at column {position}: {reason}", null)
{
    /// <summary>The column in the expression, from 1.</summary>
    public int Position { get; } = position;

    /// <summary>What is wrong there.</summary>
    public string Reason { get; } = reason;

    private static string Shorten(string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return expression.Length <= 80 ? expression : expression[..80] + "…";
    }
}
