using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Homelab.PowerShell.Loader;

/// <summary>Keeps the module's dependencies apart from every other module's.</summary>
public sealed class ModuleLoadContext : AssemblyLoadContext
{
    private const string Module = "Homelab.PowerShell.dll";

    private static readonly Assembly s_loader = typeof(ModuleLoadContext).Assembly;
    private static readonly Lazy<Assembly> s_module = new(LoadModule);

    private readonly AssemblyDependencyResolver _resolver;

    internal ModuleLoadContext(string modulePath)
        : base("Homelab.PowerShell") => _resolver = new AssemblyDependencyResolver(modulePath);

    /// <summary>The assembly that holds the cmdlets, loaded once per process.</summary>
    public static Assembly Initialize() => s_module.Value;

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // The loader itself lives in the default context: a second copy would have a second s_module.
        if (assemblyName.Name == s_loader.GetName().Name) return s_loader;

        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    /// <summary>What is loaded: the assemblies that were compiled for this platform beforehand, where the module has them, else those that run on any.</summary>
    /// <param name="folder">The module's folder <c>bin</c>.</param>
    /// <param name="platform">The runtime identifier of this process.</param>
    internal static string ModulePath(string folder, string platform)
    {
        var compiled = Path.Combine(folder, platform, Module);
        return File.Exists(compiled) ? compiled : Path.Combine(folder, Module);
    }

    private static Assembly LoadModule()
    {
        // The runtime's own name for itself: code that was compiled for another platform is never even opened.
        var path = ModulePath(Path.GetDirectoryName(s_loader.Location)!, RuntimeInformation.RuntimeIdentifier);
        return new ModuleLoadContext(path).LoadFromAssemblyPath(path);
    }
}
