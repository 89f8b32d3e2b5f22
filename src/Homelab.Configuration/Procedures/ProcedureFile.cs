namespace Homelab.Configuration;

/// <summary>A file that holds a procedure, or was meant to.</summary>
/// <param name="Procedure">The procedure; of a file with mistakes what could be read of its head, and no text.</param>
/// <param name="Problems">Its mistakes, each with its place.</param>
public sealed record ProcedureFile(Procedure Procedure, IReadOnlyList<ConfigurationProblem> Problems)
{
    /// <summary>True when it can be used.</summary>
    public bool IsSound => Problems.Count == 0;
}
