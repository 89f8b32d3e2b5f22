using Homelab.PowerShell.Hosting;

namespace Homelab.UnitTests.PowerShell.Hosting;

public sealed class ModuleFolderTests
{
    [Theory]
    [InlineData("bin")]
    [InlineData("bin/linux-x64")]
    public void It_is_found_from_wherever_the_assemblies_were_loaded(string loadedFrom)
    {
        var module = Path.Combine(Path.GetTempPath(), "Homelab.PowerShell", "0.1.0");
        Assert.Equal(module, ModuleFolder.Above(Path.GetFullPath(loadedFrom, module)));
    }
}
