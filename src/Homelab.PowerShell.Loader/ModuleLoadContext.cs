using System.Reflection;
using System.Runtime.Loader;

namespace Homelab.PowerShell.Loader;

/// <summary>Keeps the module's dependencies apart from every other module's.</summary>
public sealed class ModuleLoadContext : AssemblyLoadContext
{
    private static readonly Assembly s_loader = typeof(ModuleLoadContext).Assembly;
    private static readonly Lazy<Assembly> s_module = new(LoadModule);

    private readonly AssemblyDependencyResolver _resolver;

    private ModuleLoadContext(string modulePath)
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

    private static Assembly LoadModule()
    {
        var path = Path.Combine(Path.GetDirectoryName(s_loader.Location)!, "Homelab.PowerShell.dll");
        return new ModuleLoadContext(path).LoadFromAssemblyPath(path);
    }
}
