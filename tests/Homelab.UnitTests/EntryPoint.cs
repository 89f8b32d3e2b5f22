using Homelab.UnitTests.State;

namespace Homelab.UnitTests;

/// <summary>Runs the tests, as xunit's generated entry point does; with <c>--child</c> it is a process that a test starts, and may kill.</summary>
internal static class EntryPoint
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["--child", StateChild.Name, .. var rest]) return await StateChild.RunAsync(rest);
        if (args.Any(static a => a is "--server" or "--internal-msbuild-node"))
        {
            return await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        }

        return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
    }
}
