using Homelab.Providers.Docker;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Docker;

public sealed class LocalStackShellTests
{
    [Fact]
    public async Task What_compose_could_put_into_a_file_is_nothing_of_our_environment()
    {
        if (OperatingSystem.IsWindows()) return;
        const string Secret = "HOMELAB_TEST_LOCAL_STACK_SECRET";
        Environment.SetEnvironmentVariable(Secret, "hush");
        try
        {
            var shell = new LocalStackShell("box", "unix:///var/run/docker.sock", new PatientTime());
            var told = await shell.RunAsync(RemoteCommand.Of("env"), TestContext.Current.CancellationToken);
            Assert.Equal(0, told.ExitCode);
            Assert.Contains("DOCKER_HOST=unix:///var/run/docker.sock", told.Output, StringComparison.Ordinal);
            Assert.Contains("PATH=", told.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, told.Output, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Secret, null);
        }
    }
}
