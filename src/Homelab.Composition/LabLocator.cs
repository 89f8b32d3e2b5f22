using Homelab.Configuration;

namespace Homelab.Composition;

/// <summary>
/// Finds the lab file that is meant, from the most to the least explicit: a named one, the one that <c>HOMELAB_LAB</c> names, <c>homelab.yaml</c> in the
/// current folder, <c>homelab/homelab.yaml</c> in the user's configuration folder; else the lab is what the environment variables describe.
/// </summary>
/// <param name="folder">The current folder of whoever asks: a prompt's location is not that of its process.</param>
/// <param name="environment">Reads an environment variable; null when it is not set.</param>
public sealed class LabLocator(string folder, Func<string, string?> environment)
{
    /// <summary>The environment variable that names a lab file.</summary>
    public const string Variable = "HOMELAB_LAB";

    /// <summary>What a lab file is called where nobody names it.</summary>
    public const string DefaultFile = "homelab.yaml";

    /// <summary>The error of a named lab file that is not there.</summary>
    public const string NotFound = "LabFileNotFound";

    /// <summary>Where programs keep the user's settings; empty where the user has no such folder.</summary>
    public string UserFolder { get; init; } = Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData);

    /// <summary>Finds the lab file and reads it.</summary>
    /// <param name="path">The lab file as somebody named it, relative to the current folder; null when nobody did.</param>
    /// <exception cref="HomelabException"><c>LabFileNotFound</c> (NotFound): it was named, and is not there.</exception>
    /// <exception cref="ConfigurationException">It cannot be used; holds every mistake with its place.</exception>
    public LocatedLab Locate(string? path) => Read(Find(path));

    /// <summary>Finds the lab file, without reading it.</summary>
    /// <param name="path">The lab file as somebody named it, relative to the current folder; null when nobody did.</param>
    /// <exception cref="HomelabException"><c>LabFileNotFound</c> (NotFound): it was named, and is not there.</exception>
    public LabPlace Find(string? path)
    {
        if (path is { Length: > 0 }) return new LabPlace(Existing(path, ""), LabOrigin.Named);
        if (environment(Variable) is { Length: > 0 } named) return new LabPlace(Existing(named, $", which the environment variable {Variable} names"), LabOrigin.Variable);
        if (Path.Combine(folder, DefaultFile) is var here && File.Exists(here)) return new LabPlace(Path.GetFullPath(here), LabOrigin.CurrentFolder);
        // Without a configuration folder the path would be relative, and mean whatever folder the process is in.
        if (UserFolder.Length > 0 && Path.Combine(UserFolder, "homelab", DefaultFile) is var own && File.Exists(own)) return new LabPlace(own, LabOrigin.UserFolder);
        return new LabPlace(null, LabOrigin.Environment);
    }

    /// <summary>Reads the lab file that was found.</summary>
    /// <exception cref="ConfigurationException">It cannot be used; holds every mistake with its place.</exception>
    public LocatedLab Read(LabPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        var reader = new LabReader(ProviderList.Settings, environment);
        return new LocatedLab(place.Path is null ? reader.FromEnvironment(folder) : reader.Read(place.Path), place.Origin, place.Path);
    }

    // A named file is never replaced by another: healing the wrong lab would be worse than healing none.
    private string Existing(string path, string why)
    {
        var full = Path.GetFullPath(path, Path.GetFullPath(folder));
        if (File.Exists(full)) return full;
        var wayOut = Directory.Exists(full) ? $"That is a folder; name the file in it, such as {Path.Combine(full, DefaultFile)}." : "Check the path, or name none: then the usual places are looked at.";
        throw new HomelabException(ErrorKind.NotFound, NotFound, $"There is no lab file {full}{why}. {wayOut}", full);
    }
}
