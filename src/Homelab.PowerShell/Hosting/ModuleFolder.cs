using IoPath = System.IO.Path;

namespace Homelab.PowerShell.Hosting;

/// <summary>Where the module lies: <c>bin</c> with this assembly, or with the same compiled for one platform in a folder below it, and <c>host</c> with the program.</summary>
internal static class ModuleFolder
{
    /// <summary>The module's own folder.</summary>
    internal static string Path { get; } = Above(IoPath.GetDirectoryName(typeof(ModuleFolder).Assembly.Location)!);

    /// <summary>The folder of the program <c>homelab</c>.</summary>
    internal static string Host { get; } = IoPath.Combine(Path, "host");

    /// <summary>The module's folder, from the one that its assemblies were loaded from.</summary>
    internal static string Above(string loadedFrom)
    {
        var above = IoPath.GetDirectoryName(loadedFrom)!;
        return IoPath.GetFileName(above) == "bin" ? IoPath.GetDirectoryName(above)! : above;
    }
}
