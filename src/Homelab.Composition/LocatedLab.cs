using Homelab.Configuration;

namespace Homelab.Composition;

/// <summary>A lab that was found and read.</summary>
/// <param name="File">The lab.</param>
/// <param name="Origin">By what it was found.</param>
/// <param name="Path">The lab file, absolute; null when the lab is made of environment variables alone.</param>
public sealed record LocatedLab(LabFile File, LabOrigin Origin, string? Path);

/// <summary>Where a lab was found, and not read yet.</summary>
/// <param name="Path">The lab file, absolute; null when the lab is made of environment variables alone.</param>
/// <param name="Origin">By what it was found.</param>
public sealed record LabPlace(string? Path, LabOrigin Origin);

/// <summary>By what a lab was found.</summary>
public enum LabOrigin
{
    /// <summary>Somebody named the file.</summary>
    Named,

    /// <summary>The variable <c>HOMELAB_LAB</c> named it.</summary>
    Variable,

    /// <summary>It lay in the current folder.</summary>
    CurrentFolder,

    /// <summary>It lay in the user's configuration folder.</summary>
    UserFolder,

    /// <summary>There was no file; the lab is what environment variables describe.</summary>
    Environment,
}
