using System.Runtime.Loader;
using Homelab.PowerShell.Loader;
using Homelab.Tests;

namespace Homelab.UnitTests.PowerShell.Loader;

/// <summary>What the loader takes from the module's folder, without a PowerShell.</summary>
public sealed class ModuleLoadContextTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hl-loader-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_was_compiled_for_this_platform_comes_first()
    {
        var portable = Lay("Homelab.PowerShell.dll");
        var compiled = Lay("linux-x64/Homelab.PowerShell.dll");
        Assert.Equal(compiled, ModuleLoadContext.ModulePath(_folder.FullName, "linux-x64"));
        Assert.Equal(portable, ModuleLoadContext.ModulePath(_folder.FullName, "linux-musl-x64"));
        Assert.Equal(portable, ModuleLoadContext.ModulePath(_folder.FullName, "debian.12-x64"));
    }

    [Theory]
    [InlineData("YamlDotNet")]
    [InlineData("SQLitePCLRaw.core")]
    [InlineData("Homelab.Core")]
    public void What_the_module_brings_along_is_its_own(string name)
    {
        var context = new ModuleLoadContext(BuiltModule());
        var loaded = context.LoadFromAssemblyName(new(name));
        Assert.Same(context, AssemblyLoadContext.GetLoadContext(loaded));
        Assert.NotSame(loaded, AssemblyLoadContext.Default.LoadFromAssemblyName(new(name)));
        Assert.Equal(Path.GetDirectoryName(BuiltModule()), Path.GetDirectoryName(loaded.Location));
    }

    [Theory]
    [InlineData("System.Text.Json")]
    [InlineData("System.Runtime")]
    [InlineData("Homelab.PowerShell.Loader")]
    public void The_framework_and_the_loader_are_everybodys(string name)
    {
        var loaded = new ModuleLoadContext(BuiltModule()).LoadFromAssemblyName(new(name));
        Assert.Same(AssemblyLoadContext.Default, AssemblyLoadContext.GetLoadContext(loaded));
    }

    private string Lay(string file)
    {
        var path = Path.Combine(_folder.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        return path;
    }

    // …/bin/<configuration>/<framework>/, as these tests themselves.
    private static string BuiltModule()
    {
        var built = Path.GetRelativePath(Path.Combine(Repository.Root, "tests", "Homelab.UnitTests"), AppContext.BaseDirectory);
        return Path.Combine(Repository.Root, "src", "Homelab.PowerShell", built, "Homelab.PowerShell.dll");
    }
}
