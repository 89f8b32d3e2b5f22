using System.Globalization;

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

    /// <summary>What could be seen of each of <see cref="Files"/> just before it was read: who looks later and sees another thing has to read it anew.</summary>
    public IReadOnlyList<string> Seen { get; init; } = [];

    /// <summary>What can be seen of a file without reading it. One that is away for a moment looks like another one.</summary>
    public static string Look(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks}:{file.Length}") : "none";
    }
}
