namespace Homelab.Configuration;

/// <summary>A lab that was read.</summary>
/// <param name="Lab">The lab, with every default and fallback filled in.</param>
/// <param name="BasePath">The folder where its relative paths start, absolute.</param>
/// <param name="Source">Where each value stands; values of included files have the places they have there.</param>
/// <param name="Warnings">What can be used but is probably not meant.</param>
public sealed record LabFile(LabDefinition Lab, string BasePath, SourceMap Source, IReadOnlyList<ConfigurationProblem> Warnings)
{
    /// <summary>The files it was read from, absolute: the lab file first, then those it includes. None when it was made of environment variables alone.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];
}
