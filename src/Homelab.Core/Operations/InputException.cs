namespace Homelab;

/// <summary>An input that cannot be accepted, with every problem it has.</summary>
public sealed class InputException : HomelabException
{
    /// <param name="problems">At least one.</param>
    public InputException(IReadOnlyList<InputProblem> problems)
        : base(ErrorKind.Invalid, "InputInvalid", string.Join(" ", problems)) => Problems = problems;

    /// <summary>Every problem, in the order of the fields given.</summary>
    public IReadOnlyList<InputProblem> Problems { get; }
}

/// <summary>One problem of an input.</summary>
/// <param name="Field">The field.</param>
/// <param name="Value">What was given, shortened; null when nothing was.</param>
/// <param name="Reason">Why it cannot be accepted.</param>
/// <param name="WayOut">What to give instead.</param>
public sealed record InputProblem(string Field, string? Value, string Reason, string WayOut)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var what = Value is null ? $"'{Field}' {Reason}" : $"'{Field}' = {Value} {Reason}";
        return $"{what}. {(WayOut.EndsWith('.') || WayOut.EndsWith('?') ? WayOut : WayOut + ".")}";
    }
}
