namespace Homelab.Automation.Expressions;

internal enum TokenKind
{
    End,
    Name,
    Text,
    Number,
    Mark,
}

/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; a quoted text without quotes and with escapes resolved.</param>
/// <param name="Position">Its column, from 1.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position);
