using System.Globalization;
using Homelab.Providers.Ssh;

namespace Homelab.SystemTests.Ssh;

/// <summary>The child process of a test: it runs an endless command until it is killed.</summary>
internal static class KillableCommand
{
    /// <summary>The first argument of the test program that makes it this.</summary>
    internal const string Switch = "--killable-command";

    internal static async Task<int> RunAsync(string folder, string port, string name)
    {
        var hostKey = string.Join(' ', (await File.ReadAllTextAsync(Path.Combine(folder, "host_key.pub"))).Split(' ').Take(2));
        var host = new HostDefinition
        {
            Address = "127.0.0.1",
            Ssh = new SshDefinition { User = Environment.UserName, Port = int.Parse(port, CultureInfo.InvariantCulture), HostKey = hostKey, Key = SecretReference.Parse("file:login_key", provider: null) },
        };
        var lab = new LabDefinition { Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal) { ["dev"] = host } };
        await using var hosts = new SshHosts(new ProviderContext(lab, folder, null!, TimeProvider.System), SshBench.Patient with { Idle = TimeSpan.FromSeconds(1) });
        await hosts.RunAsync("dev", RemoteCommand.Of("sh", "-c", "sleep 3600", name) with { Timeout = TimeSpan.FromMinutes(30) }, CancellationToken.None);
        return 0;
    }
}
