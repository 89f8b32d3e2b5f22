namespace Homelab.PowerShell.Hosting;

/// <summary>Where the module lies: <c>bin</c> with this assembly, <c>host</c> with the program.</summary>
internal static class ModuleFolder
{
    /// <summary>The module's own folder.</summary>
    internal static string Path { get; } = System.IO.Path.GetDirectoryName(System.IO.Path.GetDirectoryName(typeof(ModuleFolder).Assembly.Location)!)!;

    /// <summary>The folder of the program <c>homelab</c>.</summary>
    internal static string Host { get; } = System.IO.Path.Combine(Path, "host");
}
