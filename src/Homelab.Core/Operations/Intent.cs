namespace Homelab;

/// <summary>What is about to happen, to what: the line of <c>-WhatIf</c>, of an approval and of the audit.</summary>
/// <param name="Action">An imperative sentence without the target: <c>Restart container</c>.</param>
/// <param name="Target">The thing.</param>
public sealed record Intent(string Action, Target Target)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Action} {Target}";
}
